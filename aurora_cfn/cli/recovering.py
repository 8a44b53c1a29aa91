"""One run of `recover`."""

from __future__ import annotations

from collections.abc import Sequence

import click

from aurora_cfn.cli.ending import exit_code
from aurora_cfn.cli.run import Run
from aurora_cfn.cli.target import Target
from aurora_cfn.deploy.deployment import outcome_of
from aurora_cfn.deploy.engine import Choices, Engine
from aurora_cfn.deploy.recover import Allowed, Recovery
from aurora_cfn.deploy.selection import selected
from aurora_cfn.deploy.situation import situation
from aurora_cfn.errors import AuroraCfnError, BusyError, InputError
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.plan import StackResult


def recover(target: Target, stacks: Sequence[str], allowed: Allowed, *, yes: bool) -> int:
    """Recover each stack that needs it; the exit code."""
    from aurora_cfn.cli.readiness import checked_account

    chosen = selected(target.environment, stacks)
    if len(chosen) > 1 and (allowed.skip or allowed.retain or allowed.delete):
        raise InputError("--skip, --retain and --delete need exactly one --stack")
    checked_account(target)
    run = Run(target, Choices(), yes=yes)
    engine = run.engine()
    entries = {entry.key: entry for entry in chosen}

    def work(key: str) -> StackResult:
        try:
            result = _recovered(run, entries[key], allowed, engine)
        except AuroraCfnError as error:
            result = StackResult(key, entries[key].name, outcome_of(error), cause=str(error), exit_code=error.exit_code)
        engine.listener.ended(result)
        return result

    waits: dict[str, frozenset[str]] = {key: frozenset() for key in entries}
    results = run.work_through(waits, work, lambda key, _: StackResult(key, key, "skipped"), engine)
    if all(result.outcome == "unchanged" for result in results):
        click.echo("nothing to recover", err=True)
    return exit_code(results, interrupted=run.interrupted)


def _recovered(run: Run, entry: EnvironmentStack, allowed: Allowed, engine: Engine) -> StackResult:
    stack = run.cloudformation.stack(entry.name)
    if stack is None:
        return StackResult(entry.key, entry.name, "unchanged")
    if situation(stack).move == "wait":
        text = situation(stack).text.format(where=engine.where, key=entry.key)
        raise BusyError(f"{stack.name} is in {stack.status}: {text}")
    return Recovery(engine, entry.key, stack, allowed).run()
