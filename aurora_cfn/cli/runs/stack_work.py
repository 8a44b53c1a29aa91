"""What `deploy`, `deploy --plan` and `deploy --apply` have in common once their checks have passed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aurora_cfn.cli.runs.approval import Approval
from aurora_cfn.cli.runs.questions import EXECUTE
from aurora_cfn.cli.runs.readiness import Ready
from aurora_cfn.cli.runs.run import Run
from aurora_cfn.cli.runs.stack_parameters import KnownStacks, StackParameters
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.runs.upload import uploads
from aurora_cfn.deploy.context import Approve, Choices, Context
from aurora_cfn.environment.graph import needs
from aurora_cfn.model.plan import StackResult
from aurora_cfn.project.git import head


@dataclass(frozen=True, slots=True)
class StackWork:
    """One run on the stacks that passed the checks, with what the work on each stack needs."""

    run: Run
    ready: Ready
    context: Context
    known: KnownStacks
    parameters: StackParameters
    approval: Approval
    approve: Approve

    def through(self, work: Mapping[str, Callable[[], StackResult]], parallel: int) -> list[StackResult]:
        """Results of the work on each stack, in the order of the graph; after a failure its dependents are skipped."""
        waits = needs([row.entry for row in self.ready.stacks.values()])
        return self.run.work_through(waits, work, self.context, parallel)


def stack_work(
    run: Run,
    ready: Ready,
    choices: Choices,
    *,
    executes: bool = True,
    bucket_consent: Callable[[str], bool] | None = None,
    owner: str | None = None,
) -> StackWork:
    """The work of a run; a run that only makes plans `executes` nothing, so it does not ask either.

    `bucket_consent` is asked before a bucket is made, `run.questions.consent` without it. `owner` as in `Run.context`.
    """
    target = run.target
    environment = target.environment
    known = KnownStacks(environment, run.cloudformation)
    costs = None
    # On the emulator nothing costs anything.
    if not target.local:
        from aurora_cfn.cli.runs.plan_costs import PlanCosts

        costs = PlanCosts(target.environment)
    approval = Approval(
        run.cloudformation,
        run.console,
        environment.name,
        run.clock.now().date(),
        choices.allow,
        choices.tried,
        costs=costs,
        packaged=ready.code.packaged,
    )
    context = run.context(
        choices,
        origin=_origin(ready.caller),
        owner=owner,
        uploads=uploads(target, bucket_consent or run.questions.consent),
        check=approval.check,
    )
    parameters = StackParameters(target, known, ready.code)
    approve = run.questions.approving(approval.show, EXECUTE if executes else None)
    return StackWork(run, ready, context, known, parameters, approval, approve)


def warm(target: Target) -> None:
    """Make the CloudFormation client, in a thread while templates are linted: botocore takes a third of a second.

    An error is raised again, and reported, when the client is used.
    """
    try:
        target.session.client("cloudformation")
    except Exception:
        return


def _origin(caller: str) -> str:
    """`at COMMIT by ARN`, for the descriptions of change sets."""
    commit, dirty = head()
    where = f"at {commit[:12]}{' with uncommitted changes' * dirty} " if commit else ""
    return f"{where}by {caller}" if caller else where.strip()
