"""Blueprint: the Python declaration of one template."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from troposphere import AWSObject, Export, Output, Sub

from aurora_cfn.model.value import Path, Value
from aurora_cfn.parameters import Check, Parameter

_ATTRIBUTES: Final = frozenset({"Condition", "DeletionPolicy", "DependsOn", "Metadata", "UpdateReplacePolicy"})


@dataclass(frozen=True, slots=True)
class ParameterGroup:
    """Parameters about one subject, with the conditions, rules and checks that are made of them.

    `comments` explains conditions: name to text.
    """

    parameters: tuple[Parameter, ...]
    conditions: Mapping[str, Any] = field(default_factory=dict)
    rules: Mapping[str, Value] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    comments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Blueprint:
    """One template: `parameters` in reading order, and functions that build the rest.

    `conditions`, `rules`, `mappings` and `metadata` are sections of the template as values. `checks` refuse offline
    what none of them can express. `comments` are written into the template, by path. `code` names the handlers in the
    zip file that the parameters CodeBucket and CodeKey point to. `whole` is the template itself where troposphere made
    it: nothing of it is changed then. Raises TypeError for resources or outputs that are no function.
    """

    name: str
    description: str
    parameters: tuple[Parameter, ...]
    resources: Callable[[], Sequence[AWSObject]]
    outputs: Callable[[], Sequence[Output]]
    conditions: Mapping[str, Any] = field(default_factory=dict)
    rules: Mapping[str, Value] = field(default_factory=dict)
    mappings: Mapping[str, Value] = field(default_factory=dict)
    metadata: Mapping[str, Value] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    comments: Mapping[Path, str] = field(default_factory=dict)
    transform: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    whole: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        for name, given in (("resources", self.resources), ("outputs", self.outputs)):
            if not callable(given):
                raise TypeError(f"{name} must be a function that returns a list, not the {type(given).__name__} itself")

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of that name."""
        return next((row for row in self.parameters if row.name == name), None)


def blueprint_of(
    groups: Sequence[ParameterGroup],
    *,
    name: str,
    description: str,
    resources: Callable[[], Sequence[AWSObject]],
    outputs: Callable[[], Sequence[Output]],
    checks: Sequence[Check] = (),
    **more: Any,
) -> Blueprint:
    """A blueprint whose parameters, conditions, rules and checks are those of the groups, in their order.

    `checks` follow those of the groups. `more` are other fields of Blueprint, such as `mappings`.
    """
    return Blueprint(
        name=name,
        description=description,
        resources=resources,
        outputs=outputs,
        parameters=tuple(row for group in groups for row in group.parameters),
        conditions={key: value for group in groups for key, value in group.conditions.items()},
        rules={key: value for group in groups for key, value in group.rules.items()},
        checks=(*(check for group in groups for check in group.checks), *checks),
        comments={("Conditions", key): text for group in groups for key, text in group.comments.items()},
        **more,
    )


def exported(name: str, description: str, value: Any, *, condition: str | None = None) -> Output:
    """An output exported as `<stack>-<output>`, the name that other stacks import."""
    given = {"Condition": condition} if condition else {}
    export = Export(Sub("${AWS::StackName}-" + name))
    return Output(name, Description=description, Value=value, Export=export, **given)


def commented(resource: AWSObject, about: str = "", **places: str) -> AWSObject:
    """The same resource with comments for the rendered template: `about` stands above it.

    The keys of `places` are names of properties or attributes (`DependsOn="..."`), with dots to go deeper:
    `**{"Policies.0": "..."}`.
    """
    # troposphere refuses attributes that it does not know, and anything in `resource.resource` becomes template text.
    found: dict[Path, str] = vars(resource).setdefault("comments", {})
    found |= {(): about} if about else {}
    found |= {_place(place): text for place, text in places.items()}
    return resource


def comments_of(resource: AWSObject) -> Mapping[Path, str]:
    """The resource's comments by their path inside it."""
    found: dict[Path, str] = vars(resource).get("comments", {})
    return found


def _place(dotted: str) -> Path:
    parts = tuple(int(part) if part.isdigit() else part for part in dotted.split("."))
    return parts if parts[0] in _ATTRIBUTES else ("Properties", *parts)


def waived(resource: AWSObject, *rows: tuple[str, str]) -> AWSObject:
    """The same resource with findings waived: each row is a rule id and the reason why it does not apply here.

    cfn-lint reads ids starting with E, W or I; checkov those starting with CKV; the reasons stay beside them.
    """
    checkov: list[Value] = [{"id": rule, "comment": why} for rule, why in rows if rule.startswith("CKV")]
    lint = [(rule, why) for rule, why in rows if not rule.startswith("CKV")]
    metadata: dict[str, Value] = dict(resource.resource.get("Metadata", {}))
    if lint:
        metadata["cfn-lint"] = {"config": {"ignore_checks": [rule for rule, _ in lint]}}
        own: Any = metadata.get("aurora-cfn", {})
        metadata["aurora-cfn"] = own | {"suppress": [{"id": rule, "reason": why} for rule, why in lint]}
    if checkov:
        metadata["checkov"] = {"skip": checkov}
    resource.resource["Metadata"] = metadata
    return resource


def excepted(resource: AWSObject, rule: str, why: str) -> AWSObject:
    """The same resource with an exception from a rule of the house policy (tests/blueprints/house_policy.py)."""
    metadata: dict[str, Any] = dict(resource.resource.get("Metadata", {}))
    own = dict(metadata.get("aurora-cfn", {}))
    own["house-policy"] = [*own.get("house-policy", []), {"except": rule, "reason": why}]
    resource.resource["Metadata"] = metadata | {"aurora-cfn": own}
    return resource
