"""Where an annotation points: a line of the template as it is now."""

from __future__ import annotations

from aurora_cfn.model.change import Change, Effect


def place(change: Change, effect: Effect | None = None) -> tuple[str, int]:
    """Path and line; what went away has no line any more, so it points at the first."""
    if change.kind == "remove":
        return change.path, 1
    line = effect.line if effect is not None and effect.line else change.line
    return change.path, line


def message(change: Change, effect: Effect, places: str = "") -> str:
    """One effect in a sentence that stands alone; `places` says in which stacks, where that is not all."""
    key = f"{effect.key}: " if effect.key else ""
    maybe = " (perhaps)" if effect.maybe else ""
    part = f" ({places})" if places else ""
    way_out = f". Way out: {effect.way_out}" if effect.way_out else ""
    return f"{change.logical_id}: {key}{effect.sentence}{maybe}{part}{way_out}"
