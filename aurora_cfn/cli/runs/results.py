"""The end of a command: what it prints about the results of its stacks, and its exit code."""

from __future__ import annotations

from collections.abc import Sequence

from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.messages import report_failure, write_stdout
from aurora_cfn.cli.terminal.open_console import print_timeline
from aurora_cfn.cli.terminal.prompt import columns_of_stdout
from aurora_cfn.errors import EXIT_INTERRUPTED, EXIT_NEGATIVE, AwsError, DeployError, GuardError, StuckError
from aurora_cfn.model.plan import StackResult
from aurora_cfn.model.stack import Stack
from aurora_cfn.report.outputs import outputs_table


def show_results(results: Sequence[StackResult], target: Target, *, timelines: bool) -> None:
    """Print the `timelines` of the resources to standard error, then the outputs of the stacks to standard output.

    Outputs that hold a secret are masked.
    """
    for result in results if timelines else ():
        print_timeline(result)
    found = {row.key: target.shown_outputs(row.stack) for row in results if row.good and row.stack}
    write_stdout(outputs_table(found, columns_of_stdout()), nl=False)


def touched(results: Sequence[StackResult]) -> dict[str, Stack]:
    """The stacks whose databases may have changed, by key."""
    return {row.key: row.stack for row in results if row.touched and row.stack}


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
            report_failure(_with_stack(result, results), result.exit_code)
    codes = [result.exit_code for result in results if result.exit_code]
    for worst in (StuckError.exit_code, DeployError.exit_code, GuardError.exit_code):
        if worst in codes:
            return worst
    declined = any(result.outcome == "declined" for result in results)
    return next(iter(codes), EXIT_INTERRUPTED if interrupted else EXIT_NEGATIVE if declined else 0)


def _with_stack(result: StackResult, results: Sequence[StackResult]) -> str:
    # AWS's own words do not name the stack that the call was about.
    named = len(results) == 1 or result.exit_code != AwsError.exit_code or result.name in result.cause
    return result.cause if named else f"{result.name}: {result.cause}"
