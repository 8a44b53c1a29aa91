"""The upgrade of clients in waves, of stacks and of a pool alike: its options, what is shown, and its exit code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import click

from aurora_cfn.cli.runs.run import Run
from aurora_cfn.cli.terminal.messages import declined, info, report_failure
from aurora_cfn.deploy.context import Choices
from aurora_cfn.errors import EXIT_INTERRUPTED, InputError
from aurora_cfn.fleet.waves import ClientOutcome, WaveSize, Work, roll_out, waves
from aurora_cfn.model.fleet_client import FleetClient, PoolClient
from aurora_cfn.report.text import amount, duration

Client = TypeVar("Client", FleetClient, PoolClient)


@dataclass(frozen=True, slots=True)
class UpgradeOptions:
    """The options of the command; `check` is SQL in place of `select 1`.

    `clients` are the only ones to upgrade, empty for all. These get the parameters `given`, and those of the names in
    `defaults` are no longer their own.
    """

    canary: tuple[str, ...]
    wave: WaveSize
    tolerate: int
    check: str
    parallel: int
    choices: Choices
    dry_run: bool = False
    clients: tuple[str, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)
    defaults: tuple[str, ...] = ()


def chosen_clients(clients: Sequence[Client], names: Sequence[str]) -> Sequence[Client]:
    """The clients of these names; without names all clients. Raises InputError for a name that is none of them."""
    there = {row.name for row in clients}
    if unknown := [name for name in names if name not in there]:
        raise InputError(f"--client {unknown[0]}: the fleet has no such client")
    return [row for row in clients if not names or row.name in names]


def upgrade_in_waves(
    run: Run,
    options: UpgradeOptions,
    ready: Mapping[str, bool],
    pending: Sequence[str],
    prepare: Callable[[], Work],
    at: str,
) -> int:
    """Upgrade the pending clients wave by wave, after consent; the exit code.

    `ready` are all clients, with whether they can be the canary. `at` is `FLEET at VERSION`. `prepare` checks what an
    upgrade needs, and returns what upgrades a wave. Raises InputError for a canary that is no such client.
    """
    of = amount(len(ready), "client")
    info(f"{at}: {len(ready) - len(pending)} of {of}")
    if not pending:
        return 0
    planned = waves(pending, options.canary, options.wave, {name for name, fit in ready.items() if fit})
    for number, wave in enumerate(planned, 1):
        info(f"wave {number}/{len(planned)}: {', '.join(wave) or 'the canary is at the version'}")
    if options.dry_run:
        return 0
    work = prepare()
    if not run.questions.agreed(f"Upgrade {amount(len(pending), 'client')}?"):
        return declined()
    show, stopping = partial(_show, len(planned)), lambda: run.interrupted
    done = roll_out(planned, work, show, tolerate=options.tolerate, stopping=stopping)
    good = f"{len(ready) - len(pending) + len(done.outcomes) - len(done.failures)} of {of} {at.partition(' ')[2]}"
    if not done.failures and not done.stopped:
        info(good)
        return 0
    why = f"stopped: {done.stopped}; " if done.stopped else f"{len(done.failures)} failed; "
    code = max((row.exit_code for row in done.failures), default=EXIT_INTERRUPTED)
    report_failure(f"{why}{good}: resume with the same command", code)
    return EXIT_INTERRUPTED if run.interrupted else code


def _show(waves_in_all: int, number: int, row: ClientOutcome) -> None:
    took = duration(row.seconds)
    text = f"wave {number}/{waves_in_all}  {row.client}  {took}  {row.words}"
    info(click.style(text, fg="red") if row.failed else text)
