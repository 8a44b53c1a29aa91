"""Termination protection of a stack, which no template shows: the params file and CloudFormation know it."""

from __future__ import annotations

from aurora_cfn.model.change import Change, Effect, Verdict


def termination(before: bool, after: bool, path: str, line: int = 1) -> tuple[Change, ...]:
    """The change that switches it, none when it stays; off is an alert. `path` and `line` say where it is written."""
    if before == after:
        return ()
    effect = Effect(
        Verdict.METADATA,
        "termination protection goes off: one call deletes the stack" if before else "termination protection goes on",
        key="TerminationProtection",
        way_out="say protect: true in the params file" if before else "",
        before=_word(before),
        after=_word(after),
        alert=before,
    )
    return (Change("modify", "Stack", "TerminationProtection", (effect,), path=path, line=line),)


def _word(on: bool) -> str:
    return "on" if on else "off"
