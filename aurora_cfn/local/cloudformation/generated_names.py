"""Generated names that outlive a stack refactor.

ministack 1.5.33 makes the name of a resource from its stack and logical id, and replaces a database whose name is
another one. After a refactor the name stays that of the place where the resource was created, as on AWS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ministack.services.cloudformation import provisioners

from aurora_cfn.local.cloudformation.refactor_versions import Place, stack_record

NAMES = "_named_after"
"""In the record of a stack: the place that gave a resource its name, by logical id."""


def install() -> None:
    """Replace the function that makes the names."""
    provisioners._physical_name = _after_refactors(provisioners._physical_name)


def _after_refactors(inner: Callable[..., str]) -> Callable[..., str]:
    def name(stack: str, logical: str, *more: Any, **named: Any) -> str:
        place = stack_record(stack).get(NAMES, {}).get(logical, (stack, logical))
        return inner(*place, *more, **named)

    return name


def keep_names(moves: Mapping[Place, Place]) -> None:
    """Give the destinations the names of their sources; what is created at a source later gets another one."""
    given = {source: stack_record(source[0]).get(NAMES, {}).get(source[1], source) for source in moves}
    for stack, logical in moves:
        stack_record(stack).setdefault(NAMES, {})[logical] = [stack, f"{logical}-2"]
    for source, (stack, logical) in moves.items():
        stack_record(stack).setdefault(NAMES, {})[logical] = list(given[source])
