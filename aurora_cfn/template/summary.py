"""What a params file needs to know about a template: its parameters, outputs and Rules.

CloudFormation's GetTemplateSummary gives about the same for a template that is sent to AWS.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from aurora_cfn.model.value import Value
from aurora_cfn.parameters import Check, Parameter
from aurora_cfn.template.entries import entries
from aurora_cfn.template.parsed import section_of

# A common form of exports, `${AWS::StackName}-Output`: who imports one has the stack's name in a parameter.
_IMPORTED = re.compile(r"\$\{([A-Za-z0-9]+)\}-([A-Za-z0-9]+)")
_SSM_TYPE = "AWS::SSM::Parameter::Value<"


@dataclass(frozen=True, slots=True)
class TemplateSummary:
    """One template as params files see it.

    `outputs` are the keys of its outputs. `imports` leads from a parameter that takes the name of a stack to the
    outputs of that stack which the template imports. `template` is the whole of it. `checks` and `code` (handlers in
    the package of its functions) are known only for templates that were rendered from a blueprint.
    """

    name: str
    description: str = ""
    parameters: tuple[Parameter, ...] = ()
    outputs: tuple[str, ...] = ()
    imports: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rules: Mapping[str, Value] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    code: tuple[str, ...] = ()
    path: str = ""
    template: Mapping[str, Value] = field(default_factory=dict, repr=False)

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of that name."""
        return next((row for row in self.parameters if row.name == name), None)


@dataclass(frozen=True, slots=True)
class Unrendered:
    """What a blueprint knows and its template cannot say: checks, steps of numbers by parameter, code of functions."""

    checks: tuple[Check, ...] = ()
    steps: Mapping[str, float | None] = field(default_factory=dict)
    code: tuple[str, ...] = ()

    def added_to(self, summary: TemplateSummary) -> TemplateSummary:
        """The summary of the rendered template with all of it."""
        parameters = tuple(replace(row, step=self.steps.get(row.name)) for row in summary.parameters)
        return replace(summary, parameters=parameters, checks=self.checks, code=self.code)


def summary_of(name: str, template: Mapping[str, Value], path: str = "") -> TemplateSummary:
    """The summary of the template in the file at `path`, under the name by which params files know it."""
    parameters, outputs = section_of(template, "Parameters"), section_of(template, "Outputs")
    return TemplateSummary(
        name=name,
        description=str(template.get("Description", "")),
        parameters=tuple(_parameter(key, row) for key, row in parameters.items() if isinstance(row, Mapping)),
        outputs=tuple(outputs),
        imports=imported(_importing(template)),
        rules=section_of(template, "Rules"),
        path=path,
        template=template,
    )


def _importing(template: Mapping[str, Value]) -> list[Value]:
    """The resources whose text names Fn::ImportValue, and functions in place of resources."""
    known = entries(template, "Resources")
    rows = section_of(template, "Resources").items()
    return [row for name, row in rows if name not in known or "Fn::ImportValue" in known[name].text]


def imported(resources: Value) -> dict[str, tuple[str, ...]]:
    """Parameters that name a stack, each with the outputs that are imported from it as `${Parameter}-Output`."""
    found: dict[str, dict[str, None]] = {}
    for text in _import_names(resources):
        if match := _IMPORTED.fullmatch(text):
            found.setdefault(match[1], {})[match[2]] = None
    return {parameter: tuple(outputs) for parameter, outputs in found.items()}


def _import_names(value: Value) -> Iterator[str]:
    """Every text under an `Fn::ImportValue`, however deep."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            name = inner.get("Fn::Sub") if key == "Fn::ImportValue" and isinstance(inner, Mapping) else None
            if isinstance(name, str):
                yield name
            else:
                yield from _import_names(inner)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _import_names(item)


def _parameter(name: str, row: Mapping[str, Value]) -> Parameter:
    default, allowed, kind = row.get("Default"), row.get("AllowedValues"), str(row.get("Type", "String"))
    # The value of an SSM type is the name of an SSM parameter; the limits are for the value under that name.
    limited = not kind.startswith(_SSM_TYPE)
    return Parameter(
        name=name,
        description=str(row.get("Description", "")),
        default=_default(default, kind),
        type=kind,
        allowed=tuple(map(_text, allowed)) if limited and isinstance(allowed, list) else (),
        pattern=_pattern(row.get("AllowedPattern")) if limited else None,
        constraint=str(row.get("ConstraintDescription", "")),
        low=_number(row.get("MinValue")),
        high=_number(row.get("MaxValue")),
        min_length=_whole(row.get("MinLength")) if limited else None,
        max_length=_whole(row.get("MaxLength")) if limited else None,
        no_echo=_text(row.get("NoEcho")) == "true",
    )


def _text(value: Value) -> str:
    """A scalar as CloudFormation reads it: a bare true is "true"; a list is its items with commas."""
    if isinstance(value, list):
        return ",".join(map(_text, value))
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _default(value: Value, kind: str) -> str | int | float | None:
    """The default, as a number where CloudFormation reads one."""
    if value is None:
        return None
    number = _number(value) if kind == "Number" else None
    return _text(value) if number is None else number


def _pattern(value: Value) -> str | None:
    """The pattern, None where it uses what Java's regular expressions have and Python's have not."""
    try:
        return value if isinstance(value, str) and re.compile(value) else None
    except re.error:
        return None


def _number(value: Value) -> float | None:
    try:
        number = float(value) if isinstance(value, int | float | str) else None
    except ValueError:
        return None
    return int(number) if number is not None and number.is_integer() else number


def _whole(value: Value) -> int | None:
    number = _number(value)
    return None if number is None else int(number)
