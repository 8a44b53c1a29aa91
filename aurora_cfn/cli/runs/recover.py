"""`recover`: each stack that needs it is brought out of its failed state."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from aurora_cfn.cli.runs.run import Run
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.messages import write_stderr
from aurora_cfn.cli.terminal.prompt import named, refuse_unmeant
from aurora_cfn.deploy.context import Choices, Context
from aurora_cfn.deploy.desired import selected
from aurora_cfn.deploy.ownership import refuse_unknown
from aurora_cfn.deploy.recover import Allowed, Recovery
from aurora_cfn.deploy.stack_result import recorded
from aurora_cfn.deploy.stack_status import stack_status
from aurora_cfn.errors import BusyError, InputError
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.plan import StackResult


def recover(
    target: Target,
    stacks: Sequence[str],
    allowed: Allowed,
    *,
    yes: bool,
    confirmed: Sequence[str],
    take_over: tuple[str, ...] = (),
) -> int:
    """Recover each stack that needs it; the exit code."""
    from aurora_cfn.cli.runs.readiness import checked_account

    chosen = selected(target.environment, stacks)
    # A logical id means a resource of one stack, and --delete is to be decided for each.
    if len(chosen) > 1 and (allowed.skip or allowed.retain or allowed.delete):
        raise InputError("--skip, --retain and --delete need exactly one --stack")
    refuse_unmeant(confirmed, [row.name for row in chosen])
    checked_account(target)
    run = Run(target, yes=yes)
    refuse_unknown(take_over, [row.name for row in chosen])
    context = run.context(Choices(take_over=take_over))
    entries = {entry.key: entry for entry in chosen}

    def work(key: str) -> StackResult:
        entry = entries[key]
        return recorded(context, key, entry.name, lambda: _recovered(run, entry, allowed, context, confirmed))

    results = run.in_parallel(context, {key: partial(work, key) for key in entries})
    if all(result.outcome == "unchanged" for result in results):
        write_stderr("nothing to recover")
    return run.exit_code(results)


def _recovered(
    run: Run, entry: EnvironmentStack, allowed: Allowed, context: Context, confirmed: Sequence[str]
) -> StackResult:
    stack = run.cloudformation.stack(entry.name)
    if stack is None:
        return StackResult(entry.key, entry.name, "unchanged")
    if stack_status(stack).move == "wait":
        text = stack_status(stack).text.format(where=context.env_option, key=entry.key)
        raise BusyError(f"{stack.name} is in {stack.status}: {text}")

    # Called in the stack's thread, asked in the main thread, which has the terminal.
    def is_named(name: str) -> bool:
        return run.questions.answer(partial(named, name, confirmed))

    protected = run.target.environment.protect or entry.protect
    return Recovery(context, entry.key, stack, allowed, is_named if protected else lambda _: True).run()
