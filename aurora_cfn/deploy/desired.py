"""The desired stacks of an environment: which are selected, with template text and parameter values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from aurora_cfn.environment import Sources, resolved, ssm_names
from aurora_cfn.environment.graph import dependencies, needs
from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.model.environment import Environment, EnvironmentStack, OutputRef, flat
from aurora_cfn.model.plan import DesiredStack
from aurora_cfn.model.resource_types import LOCATIONS
from aurora_cfn.model.stack import Stack
from aurora_cfn.model.value import Value
from aurora_cfn.ports import Parameters
from aurora_cfn.template.mentions import arguments
from aurora_cfn.template.summary import TemplateSummary
from aurora_cfn.template.transforms import EVALUATED_HERE, transforms


def desired(environment: Environment, entry: EnvironmentStack, summary: TemplateSummary, template: str) -> DesiredStack:
    """The stack as it should be."""
    return DesiredStack(
        entry=entry,
        path=environment.path,
        template=with_nothing_kept(template) if entry.disposable else template,
        capabilities=capabilities(summary.template),
        tags={**environment.tags, **entry.tags},
        secrets=frozenset(row.name for row in summary.parameters if row.no_echo),
        protect=entry.protect,
        role_arn=environment.role_arn,
        notification_arns=environment.notification_arns,
    )


def capabilities(template: Value) -> tuple[str, ...]:
    """The capabilities that CloudFormation wants acknowledged for the template: IAM resources, macros; only those."""
    if not isinstance(template, Mapping):
        return ()
    resources = template.get("Resources") or {}
    types = set(_types(resources))
    has_macro = any(True for _ in arguments(template, "Fn::Transform"))
    expands = bool(template.get("Transform")) or has_macro
    nests = not types.isdisjoint(LOCATIONS)  # which may create anything
    # A macro may add IAM resources, as SAM does for each function; LanguageExtensions only repeats what is written.
    makes = expands and (set(transforms(template)) != {EVALUATED_HERE} or has_macro)
    # CAPABILITY_NAMED_IAM includes CAPABILITY_IAM. Only what is needed: the plan shows it as something to agree to.
    named = makes or nests or any(kind.startswith("AWS::IAM::") for kind in types)
    return ("CAPABILITY_NAMED_IAM",) * named + ("CAPABILITY_AUTO_EXPAND",) * (expands or nests)


def _types(node: Value) -> Iterator[str]:
    """The types of resources, also of those in loops."""
    if isinstance(node, Mapping):
        for row in node.values():
            if isinstance(row, Mapping):
                yield str(row.get("Type", ""))
            elif isinstance(row, list):
                for item in row:
                    yield from _types(item)


@dataclass(frozen=True, slots=True)
class Inputs:
    """Where parameter values come from; `deployed` gives a stack of the environment by its key, None without one."""

    environment: Environment
    templates: Mapping[str, TemplateSummary]
    deployed: Callable[[str], Stack | None]
    parameters: Parameters
    variables: Mapping[str, str]

    def of(self, desired: DesiredStack) -> dict[str, str]:
        """Every parameter as text. Raises InputError with everything that is missing or out of bounds."""
        entry = desired.entry
        wanted = ssm_names(entry)
        sources = Sources(
            outputs={key: self._outputs(key) for key in _read_from(desired)},
            ssm=self.parameters.values(wanted) if wanted else {},
            variables=self.variables,
        )
        return resolved(entry, self.environment, self.templates[entry.template], sources)

    def _outputs(self, key: str) -> dict[str, str]:
        stack = self.deployed(key)
        return stack.output_values if stack else {}


def _read_from(desired: DesiredStack) -> set[str]:
    return {value.stack for value in flat(desired.entry.parameters.values()) if isinstance(value, OutputRef)}


def selected(
    environment: Environment, wanted: Sequence[str], *, with_dependencies: bool = False
) -> tuple[EnvironmentStack, ...]:
    """The stacks asked for by key or by full name (none: all of them), in the order of the file.

    With `with_dependencies`, also those that they refer to. Raises InputError for names that nothing has.
    """
    if not wanted:
        return environment.stacks
    keys = _keys(environment, [environment.meant(name) for name in wanted])
    if with_dependencies:
        keys = set(dependencies(needs(environment.stacks), keys))
    return tuple(stack for stack in environment.stacks if stack.key in keys)


def _keys(environment: Environment, wanted: Sequence[str]) -> set[str]:
    known = {stack.name: stack.key for stack in environment.stacks} | {row.key: row.key for row in environment.stacks}
    complaints = []
    for name in wanted:
        if name not in known:
            close = get_close_matches(name, known, 1)
            hint = f"did you mean {close[0]}?" if close else f"it has {', '.join(sorted(set(known.values())))}"
            complaints.append(Complaint(f"no stack {name} in this environment", environment.path, hint=hint))
    if complaints:
        raise InputError(complaints)
    return {known[name] for name in wanted}


# YAML and JSON, with and without quotes. RetainExceptOnCreate before Retain: the longer word first.
_POLICY = re.compile(
    r"""^(\s*["']?(?:DeletionPolicy|UpdateReplacePolicy)["']?\s*:\s*["']?)(?:Snapshot|RetainExceptOnCreate|Retain)\b""",
    re.MULTILINE,
)


def with_nothing_kept(text: str) -> str:
    """The text with `Delete` in place of every policy that keeps a resource or takes a final snapshot of it."""
    # In the text, not by reading and writing it: comments and short forms of intrinsics would be lost.
    return _POLICY.sub(r"\1Delete", text)
