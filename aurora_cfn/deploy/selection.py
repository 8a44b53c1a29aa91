"""Which stacks of an environment are meant."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from aurora_cfn.environment.graph import dependencies, needs
from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.model.environment import Environment, EnvironmentStack


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
