"""How a command that works on stacks ends."""

from __future__ import annotations

from collections.abc import Sequence

from aurora_cfn.cli.voice import complain
from aurora_cfn.errors import DeployError, StuckError
from aurora_cfn.model.plan import StackResult

EXIT_DECLINED = 1
EXIT_EMPTY = 1


def empty_code(results: Sequence[StackResult], *, fail: bool) -> int:
    """The exit code of a run in which no stack changes, where somebody expects a change; 0 for any other."""
    if not fail or any(result.outcome != "unchanged" for result in results):
        return 0
    complain("nothing to change (--fail-on-empty)", EXIT_EMPTY)
    return EXIT_EMPTY


def exit_code(results: Sequence[StackResult], *, interrupted: bool, told: bool = False) -> int:
    """Say why, for each stack that did not get there, unless that is `told` already; the exit code of the worst."""
    from aurora_cfn.cli import EXIT_INTERRUPTED

    for result in results:
        if result.exit_code and not told:
            complain(result.cause, result.exit_code)
    codes = [result.exit_code for result in results if result.exit_code]
    for worst in (StuckError.exit_code, DeployError.exit_code):
        if worst in codes:
            return worst
    declined = any(result.outcome == "declined" for result in results)
    return next(iter(codes), EXIT_INTERRUPTED if interrupted else EXIT_DECLINED if declined else 0)
