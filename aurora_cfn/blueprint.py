"""Blueprint: the Python declaration of one template."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from troposphere import AWSObject, Export, Output, Sub

from aurora_cfn.model.value import Value
from aurora_cfn.parameters import Check, Parameter


@dataclass(frozen=True, slots=True)
class Blueprint:
    """One template: `parameters` in reading order, and functions that build the rest.

    `conditions` and `rules` are the template's sections as values; `checks` refuse offline what
    neither can express. `code` names the handlers whose zip the parameters CodeBucket and CodeKey point at.
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
    transform: tuple[str, ...] = ()
    code: tuple[str, ...] = ()

    def parameter(self, name: str) -> Parameter | None:
        """The row of that name."""
        return next((row for row in self.parameters if row.name == name), None)


def exported(name: str, description: str, value: Any, *, condition: str | None = None) -> Output:
    """An output exported as `<stack>-<output>`, the name that other stacks import."""
    given = {"Condition": condition} if condition else {}
    export = Export(Sub("${AWS::StackName}-" + name))
    return Output(name, Description=description, Value=value, Export=export, **given)


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
    """The same resource with an exception from a rule of the house (`tests/blueprints/test_house_policy.py`)."""
    metadata: dict[str, Any] = dict(resource.resource.get("Metadata", {}))
    own = dict(metadata.get("aurora-cfn", {}))
    own["house-policy"] = [*own.get("house-policy", []), {"except": rule, "reason": why}]
    resource.resource["Metadata"] = metadata | {"aurora-cfn": own}
    return resource
