"""The desired stacks of an environment: which are selected, with template text and parameter values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from aurora_cfn.environment import Sources, resolved, ssm_names
from aurora_cfn.environment.graph import dependencies, needs
from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.model.environment import Environment, EnvironmentStack, OutputRef
from aurora_cfn.model.plan import DesiredStack
from aurora_cfn.model.stack import Stack
from aurora_cfn.ports import Parameters
from aurora_cfn.template.summary import TemplateSummary

# Searched in the text, which is faster than parsing it; both YAML and indented JSON match. Nested stacks count, since
# what is in their templates is not known here.
_IAM = re.compile(r'^\s+"?Type"?: "?AWS::(IAM::|CloudFormation::Stack\b)', re.MULTILINE)
_EXPANDS = re.compile(r'^"?Transform"?:|Fn::Transform|^\s+"?Type"?: "?AWS::CloudFormation::Stack\b', re.MULTILINE)


def desired(environment: Environment, entry: EnvironmentStack, summary: TemplateSummary, template: str) -> DesiredStack:
    """The stack as it should be."""
    return DesiredStack(
        entry=entry,
        path=environment.path,
        template=template,
        capabilities=capabilities(template),
        tags={**environment.tags, **entry.tags},
        secrets=frozenset(row.name for row in summary.parameters if row.no_echo),
        protect=environment.protect,
        role_arn=environment.role_arn,
        notification_arns=environment.notification_arns,
        express=environment.express,
    )


def capabilities(template: str) -> tuple[str, ...]:
    """The capabilities that CloudFormation wants acknowledged for the template: IAM resources, macros; only those."""
    # CAPABILITY_NAMED_IAM includes CAPABILITY_IAM. Only what is needed: the plan shows it as something to agree to.
    named = ("CAPABILITY_NAMED_IAM",) if _IAM.search(template) else ()
    return named + (("CAPABILITY_AUTO_EXPAND",) if _EXPANDS.search(template) else ())


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
    return {value.stack for value in desired.entry.parameters.values() if isinstance(value, OutputRef)}


def selected(
    environment: Environment, wanted: Sequence[str], *, with_dependencies: bool = False
) -> tuple[EnvironmentStack, ...]:
    """The stacks asked for by key or by full name (none: all of them), in the order of the file.

    With `with_dependencies`, also those that they refer to. Raises InputError for names that nothing has.
    """
    if not wanted:
        return environment.stacks
    keys = _keys(environment, wanted)
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
