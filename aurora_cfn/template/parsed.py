"""A template that was read from a file, and what is worked out of its text once for all stacks that use it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeVar, cast

from aurora_cfn.model.value import Value

T = TypeVar("T")


class ParsedTemplate(dict[str, Value]):
    """A template that is not changed any more; `kept` has what does not depend on the values of a stack.

    Twenty environments use one template: its loops, references and summary are looked for once, not twenty times.
    """

    __slots__ = ("kept",)

    def __init__(self, template: Mapping[str, Value]) -> None:
        super().__init__(template)
        self.kept: dict[Hashable, Any] = {}


def section_of(template: Mapping[str, Value], name: str) -> Mapping[str, Any]:
    """A section of the template, empty when it is missing or not a mapping."""
    found = template.get(name)
    return found if isinstance(found, Mapping) else {}


def kept(template: Mapping[str, Value], key: Hashable, work: Callable[[], T]) -> T:
    """The result of `work`, cached on a ParsedTemplate; any other mapping may change, so nothing is cached for it."""
    if not isinstance(template, ParsedTemplate):
        return work()
    if key not in template.kept:
        template.kept[key] = work()
    return cast(T, template.kept[key])
