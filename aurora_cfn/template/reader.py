"""What intrinsic functions read from their template, and how their arguments are counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeAlias

from aurora_cfn.model.value import Value

Truth: TypeAlias = "bool | Value"
"""True or False when known, else the condition's own expression in normal form."""


class Reader(Protocol):
    """What the functions need from the template that has them."""

    def value(self, raw: Value) -> Value:
        """Normal form of any raw value."""

    def ref(self, name: str) -> Value:
        """The value of a Ref."""

    def condition(self, name: str) -> Truth:
        """Truth of a condition, or its expression."""

    def mapping(self, name: str) -> Mapping[str, Value]:
        """A mapping of the template, empty when there is none."""

    def allowed_values(self, parameter: str) -> Sequence[str]:
        """The AllowedValues of a parameter as text, none when it takes any value."""

    def differs_from_literals(self, parameter: str) -> bool:
        """Whether the unknown value of a parameter counts as different from every literal of the template."""


Function: TypeAlias = Callable[[Reader, Value], Value]


def arguments(argument: Value, low: int, high: int) -> Sequence[Value] | None:
    """The arguments of a function that takes `low` to `high` of them, None when there are fewer or more."""
    if isinstance(argument, Sequence) and not isinstance(argument, str) and low <= len(argument) <= high:
        return argument
    return None


def of_two(work: Callable[[Reader, Value, Value], Value]) -> Function:
    """The function of two arguments, which `work` gets in normal form; with another number it has no value."""

    def function(reader: Reader, argument: Value) -> Value:
        pair = arguments(argument, 2, 2)
        return None if pair is None else work(reader, reader.value(pair[0]), reader.value(pair[1]))

    return function
