"""`deploy`: every check, then stack by stack a change set that is shown, approved and executed."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from aurora_cfn.cli.runs.named_resources import REPLACE, TRY, named_resources
from aurora_cfn.cli.runs.orphans import all_stacks, find_orphans, refuse_other_region, refuse_renamed, show_orphans
from aurora_cfn.cli.runs.readiness import Listing, Ready, check_in_aws, checked_account, checked_files, desired_stacks
from aurora_cfn.cli.runs.run import Run
from aurora_cfn.cli.runs.stack_work import StackWork, stack_work, warm
from aurora_cfn.cli.runs.upload import Code
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.deploy.context import Choices
from aurora_cfn.deploy.deploy_stack import deploy as deploy_stack
from aurora_cfn.deploy.deploy_stack import preview
from aurora_cfn.deploy.desired import selected
from aurora_cfn.deploy.ownership import refuse_unknown
from aurora_cfn.deploy.preview import missing_prerequisites
from aurora_cfn.model.plan import DesiredStack, StackResult
from aurora_cfn.review.allowances import COMMAND_LINE, needless


def deploy(
    run: Run, choices: Choices, stacks: Sequence[str], *, with_dependencies: bool = False, parallel: int = 1
) -> list[StackResult]:
    """The result of each stack. Raises InputError and AwsError, or ends the command, before anything is sent."""
    ready = checked(run, choices, stacks, with_dependencies=with_dependencies)
    work = stack_work(run, ready, replace(choices, allow=ready.allow, tried=ready.tried), executes=not choices.dry_run)
    tasks = {key: partial(_deployed, work, row) for key, row in ready.stacks.items()}
    results = work.through(tasks, parallel)
    show_needless(work, results)
    if not choices.dry_run:
        same = {row.key: row.stack for row in results if row.outcome == "unchanged" and row.stack}
        if same:
            from aurora_cfn.cli.runs.function_code import swapped_code

            for line in swapped_code(run.target, same):
                info(line, "warning")
    return results


def checked(run: Run, choices: Choices, stacks: Sequence[str], *, with_dependencies: bool) -> Ready:
    """The stacks asked for, after every check that needs no change set. Raises and ends as `deploy` does."""
    target = run.target
    threading.Thread(target=warm, args=(target,), daemon=True).start()
    # Files first: what they show needs no credentials, and is there at once.
    chosen = selected(target.environment, stacks, with_dependencies=with_dependencies)
    texts = checked_files(target, chosen, choices)
    code = Code(target, chosen)
    # The first call: nothing is read from the wrong account.
    caller = checked_account(target, run.console.caller)
    refuse_unknown(choices.take_over, [row.name for row in chosen])
    if target.environment.live and not choices.dry_run:
        from aurora_cfn.cli.runs.function_code import end_before_deployment

        end_before_deployment(target, chosen, yes=run.questions.yes)
    stacks_of_account, listed_at = all_stacks(target), run.clock.monotonic()
    listed = stacks_of_account or ()
    refuse_other_region(target, chosen, listed, choices.create_beside)
    orphans = find_orphans(target, listed=listed)
    show_orphans(target, orphans)
    refuse_renamed(target, chosen, orphans, choices.create_beside)
    allow = named_resources(REPLACE, choices.allow, chosen, texts, run.cloudformation)
    tried = named_resources(TRY, choices.tried, chosen, texts, run.cloudformation)
    check_in_aws(run, chosen, texts, replace(choices, allow=allow, tried=tried))
    listing = None if stacks_of_account is None else Listing(frozenset(row.name for row in listed), listed_at)
    return Ready(desired_stacks(target, chosen, texts, code), code, caller, allow, tried, listing)


def show_needless(work: StackWork, results: Sequence[StackResult]) -> None:
    """Name each `--allow-replace` that no stack needed; nothing after a failure, when that is not known."""
    if all(row.good for row in results) and not work.run.interrupted:
        for name in needless(work.context.choices.allow, work.approval.reviews.values()):
            info(f"{COMMAND_LINE} {name}: nothing of that name needs it")


def _deployed(work: StackWork, wanted: DesiredStack) -> StackResult:
    """The result of one stack; called in a thread of its own."""
    dry_run, known = work.context.choices.dry_run, work.known
    missing = missing_prerequisites(wanted, known.deployed, known.pending) if dry_run else []
    code, bucket = work.ready.code, work.context.uploads
    if dry_run and code.early(wanted.key) and bucket and bucket.why_not_ready():
        # CloudFormation reads nested templates while it makes the change set, and a dry run makes no bucket for them.
        missing.append("a bucket for its nested templates")
    if missing:
        return known.noted(wanted, preview(work.context, wanted, missing))
    parameters = work.parameters.uploading(work.context, only_early=dry_run)
    listing = work.ready.listing
    absent = listing is not None and listing.lacks(wanted.name, work.run.clock.monotonic())
    return known.noted(wanted, deploy_stack(work.context, wanted, parameters, work.approve, absent=absent))
