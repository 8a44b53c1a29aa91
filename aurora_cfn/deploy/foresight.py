"""What a stack cannot be shown without yet: stacks that are not there, and outputs that only a pending update adds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from aurora_cfn.deploy.situation import is_up
from aurora_cfn.model.environment import OutputRef
from aurora_cfn.model.plan import DesiredStack
from aurora_cfn.model.stack import Stack
from aurora_cfn.yamltext import read_template


def lacking(
    wanted: DesiredStack, deployed: Callable[[str], Stack | None], pending: Mapping[str, DesiredStack]
) -> list[str]:
    """What it needs, one phrase a reason; empty when its change set can be made.

    `deployed` gives a stack of the environment by its key; `pending` are those that this run looks at and that would
    change. An output that not even their templates have is no matter of waiting, so it is not among the answers.
    """
    needed = sorted(wanted.entry.depends_on())
    down = [key for key in needed if not is_up(deployed(key))]
    phrases = [f"{', '.join(down)}, which is not deployed yet"] if down else []
    for key in (key for key in needed if key in pending and key not in down):
        names = list(_added(wanted, deployed(key), pending[key]))
        if names:
            noun = f"output{'s' * (len(names) > 1)} {', '.join(names)}"
            phrases.append(f"the {noun} of {key}, which only its pending update adds")
    return phrases


def _added(wanted: DesiredStack, stack: Stack | None, pending: DesiredStack) -> Iterator[str]:
    asked = {
        value.output
        for value in wanted.entry.parameters.values()
        if isinstance(value, OutputRef) and value.stack == pending.key
    }
    value: Any = read_template(pending.template, pending.entry.template).value
    declared = value.get("Outputs") or {}
    return (name for name in sorted(asked) if name in declared and stack is not None and stack.output(name) is None)
