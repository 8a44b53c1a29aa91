"""What is shown of an upgrade of clients in waves, and its exit code."""

from __future__ import annotations

from collections.abc import Container, Sequence
from functools import partial

import click

from aurora_cfn.cli.runs.run import Run
from aurora_cfn.cli.terminal.messages import info, report_failure
from aurora_cfn.errors import EXIT_INTERRUPTED, EXIT_NEGATIVE
from aurora_cfn.fleet.rollout import ClientOutcome, Work, roll_out
from aurora_cfn.fleet.waves import WaveSize, waves
from aurora_cfn.report.text import amount, duration


def planned_waves(
    clients: Sequence[str], canary: Sequence[str], size: WaveSize, done: Container[str]
) -> list[tuple[str, ...]]:
    """The waves, which are shown; `done` are at the version. Raises InputError for a canary that is no such client."""
    planned = waves(clients, canary, size, done)
    for number, wave in enumerate(planned, 1):
        info(f"wave {number}/{len(planned)}: {', '.join(wave) or 'the canary is at the version'}")
    return planned


def agreed_roll_out(
    run: Run, planned: Sequence[tuple[str, ...]], work: Work, *, tolerate: int, of: int, version: str
) -> int:
    """Upgrade the planned of all clients after consent; the exit code."""
    pending = sum(map(len, planned))
    if not run.questions.agreed(f"Upgrade {amount(pending, 'client')}?"):
        info("declined: nothing was changed")
        return EXIT_NEGATIVE
    show = partial(_show, len(planned))
    done = roll_out(planned, work, show, tolerate=tolerate, stopping=lambda: run.interrupted)
    good = of - pending + len(done.outcomes) - len(done.failures)
    if not done.failures and not done.stopped:
        info(f"{good} of {amount(of, 'client')} at {version}")
        return 0
    why = f"stopped: {done.stopped}; " if done.stopped else f"{len(done.failures)} failed; "
    code = max((row.exit_code for row in done.failures), default=EXIT_INTERRUPTED)
    report_failure(f"{why}{good} of {amount(of, 'client')} at {version}: resume with the same command", code)
    return EXIT_INTERRUPTED if run.interrupted else code


def _show(waves_in_all: int, number: int, row: ClientOutcome) -> None:
    took = duration(row.seconds)
    text = f"wave {number}/{waves_in_all}  {row.client}  {took}  {row.words}"
    info(click.style(text, fg="red") if row.failed else text)
