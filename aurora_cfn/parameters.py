"""Parameter: one template parameter, as the template, the params loader, the docs and the JSON Schema read it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from aurora_cfn.model.finding import Severity
from aurora_cfn.model.value import Value

if TYPE_CHECKING:
    from troposphere import Parameter as TroposphereParameter
    from troposphere import Ref

BOOLEAN: Final = ("true", "false")
"""What a parameter that is a switch accepts: CloudFormation has no boolean parameters."""

# Ids that CloudFormation checks by the parameter's type: the start of the id to the words for it (EC2 user guide,
# resource ids, 2026-11-28: 8 or 17 hexadecimal digits).
_ID_TYPES: Final = {
    "AWS::EC2::VPC::Id": ("vpc", "the id of a VPC, such as vpc-0123456789abcdef0"),
    "AWS::EC2::Subnet::Id": ("subnet", "ids of subnets, such as subnet-0123456789abcdef0"),
    "AWS::EC2::SecurityGroup::Id": ("sg", "ids of security groups, such as sg-0123456789abcdef0"),
}

Values: TypeAlias = Mapping[str, str]
"""Parameter name to its text, defaults filled in; names whose value comes later (references) are absent."""


MOST_BYTES = 4_096
"""The longest value of a parameter (quotas of CloudFormation, read 2026-11-28), of a list as a whole."""
MOST_DIGITS = 300
"""A double has at most 309 digits before the point, and Python converts no more than 4,300."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One template parameter: its bounds are written into the template and checked offline alike.

    `step` is the one bound that CloudFormation cannot express: it is checked offline only.
    """

    name: str
    description: str
    default: str | int | float | None = None
    type: str = "String"
    group: str = "Stack"
    label: str = ""
    allowed: tuple[str, ...] = ()
    pattern: str | None = None
    constraint: str = ""
    low: float | None = None
    high: float | None = None
    step: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    no_echo: bool = False

    @property
    def ref(self) -> Ref:
        """`Ref` to this parameter."""
        from troposphere import Ref  # params files of any template are checked without troposphere

        return Ref(self.name)

    @property
    def is_number(self) -> bool:
        """Whether CloudFormation reads the value as a number."""
        return self.type == "Number"

    @property
    def is_list(self) -> bool:
        """Whether CloudFormation reads the value as items between commas; bounds then hold for each item."""
        return self.type == "CommaDelimitedList" or self.type.startswith("List<")

    @property
    def takes_items(self) -> bool:
        """Whether a params file may write a list: a list for CloudFormation, or a text whose pattern has items.

        An optional list is a text in a template: a type such as List<AWS::EC2::SecurityGroup::Id> has no empty value.
        """
        return self.is_list or "(," in (self.pattern or "")

    @property
    def default_text(self) -> str | None:
        """The default as CloudFormation keeps it, None where a value must be given."""
        return None if self.default is None else scalar_text(self.default)

    @property
    def value_pattern(self) -> str | None:
        """The regular expression of a value, or of each item: the parameter's own, or that of its AWS type."""
        start, _ = _ID_TYPES.get(self._item_type, ("", ""))
        return self.pattern or (f"^{start}-([0-9a-f]{{8}}|[0-9a-f]{{17}})$" if start else None)

    @property
    def _item_type(self) -> str:
        return self.type.removeprefix("List<").removesuffix(">")

    def bounds(self) -> str:
        """The bounds in words: `1 to 35`, `true or false`, a pattern's own explanation; empty without bounds."""
        if self.allowed:
            shown = [value or "empty" for value in self.allowed]
            return f"{', '.join(shown[:-1])} or {shown[-1]}" if len(shown) > 1 else shown[0]
        if self.low is not None and self.high is not None:
            steps = f", in steps of {self.step:g}" if self.step and self.step != 1 else ""
            whole = "whole numbers from " if self.step == 1 else ""
            return f"{whole}{_digits(self.low)} to {_digits(self.high)}{steps}"
        _, words = _ID_TYPES.get(self._item_type, ("", ""))
        return self.constraint or words or (f"must match {self.pattern}" if self.pattern else "")

    def problem(self, text: str) -> str | None:
        """What is wrong with a value, with the bound that it breaks; None when accepted.

        Text is never repeated: what does not fit may be a password that was pasted into the wrong line.
        """
        if self.is_number:
            return self._number_problem(text)
        size = len(text.encode())
        if size > MOST_BYTES:
            return f"{size:,} bytes are more than the {MOST_BYTES:,} that CloudFormation takes for a parameter"
        items = [item.strip() for item in text.split(",")] if self.is_list else [text]
        return next(filter(None, map(self._text_problem, items)), None)

    def _text_problem(self, text: str) -> str | None:
        if self.allowed and text not in self.allowed:
            return f"the value is not one of {self.bounds()}"
        if self.value_pattern and not re.fullmatch(self.value_pattern, text):
            words = self.constraint or (self.bounds() if not self.pattern else "it must match")
            return f"the value does not fit: {words} ({self.value_pattern})"
        return self._length_problem(text)

    def _number_problem(self, text: str) -> str | None:
        shown = "the value" if self.no_echo else text
        if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
            return "the value is not a number"
        if len(text) > MOST_DIGITS:
            return f"a number of {len(text):,} characters is longer than any that CloudFormation compares exactly"
        number = Fraction(text)
        if self.low is not None and number < Fraction(self.low):
            return f"{shown} is below the minimum {_digits(self.low)}"
        if self.high is not None and number > Fraction(self.high):
            return f"{shown} is above the maximum {_digits(self.high)}"
        if self.step and (number / Fraction(str(self.step))).denominator != 1:
            return f"{shown} is not a multiple of {self.step:g}"
        if self.allowed and text not in self.allowed:
            return f"{shown} is not one of {self.bounds()}"
        return None

    def _length_problem(self, text: str) -> str | None:
        if self.min_length is not None and len(text) < self.min_length:
            return f"{len(text)} characters are fewer than the minimum {self.min_length}"
        if self.max_length is not None and len(text) > self.max_length:
            return f"{len(text)} characters are more than the maximum {self.max_length}"
        return None

    def emitted(self) -> TroposphereParameter:
        """The entry of the template's Parameters section."""
        from troposphere import Parameter as TroposphereParameter

        given: dict[str, Any] = {
            "Type": self.type,
            "Description": self.description,
            "Default": self.default,
            "AllowedValues": list(self.allowed) or None,
            "AllowedPattern": self.pattern,
            "MinValue": _number(self.low),
            "MaxValue": _number(self.high),
            "MinLength": self.min_length,
            "MaxLength": self.max_length,
            "NoEcho": self.no_echo or None,
            "ConstraintDescription": self.constraint or None,
        }
        return TroposphereParameter(self.name, **{key: value for key, value in given.items() if value is not None})


@dataclass(frozen=True, slots=True)
class Check:
    """A wrong combination of values that CloudFormation cannot refuse by itself, such as a minimum over its maximum.

    `problem` gets all values of a stack and gives a sentence or None; it runs only when every key has a known value.
    The key `NetworkStackName.Zones` is the parameter Zones of the stack that NetworkStackName refers to, and
    `MinCapacity.written` is there only where the params file itself gives MinCapacity. Severity `info` is for values
    without effect.
    """

    keys: tuple[str, ...]
    problem: Callable[[Values], str | None]
    severity: Severity = "error"


def scalar_text(value: str | int | float | bool) -> str:
    """A scalar as CloudFormation takes it: `true`, `4` for 4.0, `0.5`; the shortest text, without an exponent."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and math.isfinite(value):
        return str(int(value)) if value.is_integer() else f"{Decimal(repr(value)):f}"
    return str(value)


def interface(parameters: tuple[Parameter, ...]) -> dict[str, Value]:
    """The `AWS::CloudFormation::Interface` metadata: groups and labels in the order of the table."""
    groups: dict[str, list[Value]] = {}
    for row in parameters:
        groups.setdefault(row.group, []).append(row.name)
    labels: dict[str, Value] = {row.name: {"default": row.label} for row in parameters if row.label}
    entry: dict[str, Value] = {
        "ParameterGroups": [{"Label": {"default": name}, "Parameters": names} for name, names in groups.items()]
    }
    return {"AWS::CloudFormation::Interface": entry | ({"ParameterLabels": labels} if labels else {})}


def _digits(bound: float) -> str:
    """All digits, without an exponent, as a person writes it: 2147483647, 0.5."""
    return f"{bound:.15g}"


def _number(bound: float | None) -> int | float | None:
    return int(bound) if bound is not None and float(bound).is_integer() else bound
