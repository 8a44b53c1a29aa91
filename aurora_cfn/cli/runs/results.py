"""How a command ends, from the results of its stacks."""

from __future__ import annotations

from collections.abc import Sequence

from aurora_cfn.cli.terminal.messages import report_failure
from aurora_cfn.errors import EXIT_INTERRUPTED, EXIT_NEGATIVE, DeployError, GuardError, StuckError
from aurora_cfn.model.plan import StackResult


def empty_code(results: Sequence[StackResult], *, fail: bool) -> int:
    """The exit code of a run in which no stack changes, with `--fail-on-empty`; 0 for any other."""
    if not fail or any(result.outcome != "unchanged" for result in results):
        return 0
    report_failure("nothing to change (--fail-on-empty)", EXIT_NEGATIVE)
    return EXIT_NEGATIVE


def exit_code(results: Sequence[StackResult], *, interrupted: bool, shown: bool = False) -> int:
    """The exit code of the worst stack; the cause of each failure is printed, unless it was `shown` already."""
    for result in results:
        if result.exit_code and not shown:
            report_failure(result.cause, result.exit_code)
    codes = [result.exit_code for result in results if result.exit_code]
    for worst in (StuckError.exit_code, DeployError.exit_code, GuardError.exit_code):
        if worst in codes:
            return worst
    declined = any(result.outcome == "declined" for result in results)
    return next(iter(codes), EXIT_INTERRUPTED if interrupted else EXIT_NEGATIVE if declined else 0)
