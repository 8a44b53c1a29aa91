"""`fleet deploy`: the StackSet and its instances as the params file says, reviewed stack by stack before it starts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from uuid import uuid4

from aurora_cfn.cli.runs.account_fleet import AccountFleet
from aurora_cfn.cli.runs.follow_set_operation import SetOperations
from aurora_cfn.cli.runs.run import Run
from aurora_cfn.cli.runs.upload import uploads
from aurora_cfn.cli.terminal.messages import declined, info, write_stderr
from aurora_cfn.deploy.context import Choices
from aurora_cfn.deploy.large_template import template_key, why_large
from aurora_cfn.fleet.account_plan import AccountPlan, Step, account_plan, client_of, is_made
from aurora_cfn.fleet.account_review import SetReview, name_of, place_of, refuse_unreviewed
from aurora_cfn.model.plan import DesiredStack
from aurora_cfn.model.review import Review, StackReview
from aurora_cfn.model.stack_set import CURRENT, InstancesRequest, Preferences, SetDefinition, StackInstance, StackSet
from aurora_cfn.project.user_cache import offered
from aurora_cfn.report.review.text import text
from aurora_cfn.report.text import amount
from aurora_cfn.review.consent import Consent
from aurora_cfn.review.guard import refuse


@dataclass(slots=True)
class DeployAccounts:
    """One deployment. Its progress is in the StackSet, so the same command continues one that was interrupted.

    `unreviewed` are clients that are changed although they cannot be reviewed.
    """

    fleet: AccountFleet
    choices: Choices
    unreviewed: Sequence[str] = ()

    def deploy(self) -> int:
        """Deploy after review and consent; the exit code. Raises DeployError with the first cause of a failure."""
        run = Run(self.fleet.target, yes=self.choices.yes, quiet=True)
        desired, wanted = self.fleet.desired()
        before = self.fleet.current()
        operations = SetOperations(self.fleet, run)
        if before is not None and not self.choices.dry_run:
            operations.finish_running()
            before = self.fleet.current()
        instances = self.fleet.instances() if before else ()
        past = self.fleet.port.operations(self.fleet.fleet.name) if before else ()
        made = frozenset(row.id for row in past if row.action == "CREATE")
        plan = account_plan(wanted, before, instances, self.fleet.accounts, self.fleet.overrides, made)
        self._show(plan)
        if plan.empty:
            info(f"{wanted.name}: nothing to change")
            return 0
        if before is not None:
            self._review(run, desired, wanted, before, plan, [row for row in instances if is_made(row, made)])
        if self.choices.dry_run:
            return 0
        if not run.questions.agreed(f"Deploy the StackSet {wanted.name}?"):
            return declined()
        operations.units = {row.account: row.unit for row in instances}
        self._execute(operations, self._uploaded(run, desired, wanted), plan, instances)
        return 0

    def _show(self, plan: AccountPlan) -> None:
        name, clients = self.fleet.fleet.name, self.fleet.accounts.clients
        path = self.fleet.target.environment.path
        if plan.creates or plan.updates:
            what = "update the StackSet, and all its stacks" if plan.updates else "create the StackSet"
            info(f"{name}: {what}, from {self.fleet.template.path}")
        for step in plan.steps:
            info(f"{name}: {step.kind} the stacks of {', '.join(step.clients)} in {', '.join(step.regions)}")
        for row in plan.of_no_client:
            info(
                f"{place_of(row, clients)} is in no client of {path}: `fleet delete {row.account}` deletes it",
                "warning",
            )
        for row in plan.stuck:
            remedy = f"`fleet delete {name_of(row, clients)} --retain`, then delete its stack in that account"
            info(f"{place_of(row, clients)} is inoperable, and is left out: {remedy}", "warning")

    def _review(
        self,
        run: Run,
        desired: DesiredStack,
        wanted: SetDefinition,
        before: StackSet,
        plan: AccountPlan,
        instances: Sequence[StackInstance],
    ) -> None:
        """Show what happens to each stack. Raises GuardError or KnownFailureError for what is refused."""
        clients, environment = self.fleet.accounts.clients, self.fleet.target.environment
        consent = Consent(self.choices.allow, self.choices.tried, run.clock.now().date())
        path, fleet = desired.entry.template_file, self.fleet.fleet
        secrets = frozenset(name for name in desired.entry.parameters if desired.hides(name))
        review = SetReview(path, environment.name, consent, secrets, offered(), fleet)
        changed = [row for row in instances if plan.updates or self._overridden(row) is not None]
        found = tuple(self._reviews(review, wanted, before, changed, updates=plan.updates))
        if found:
            write_stderr(text(Review("deployed", environment.path, found)), nl=False)
        refuse_unreviewed(changed, clients, self.unreviewed)
        # Once for all stacks: the report names the stacks of each.
        refuse(tuple(dict.fromkeys(refusal for row in found for refusal in row.refusals)))

    def _reviews(
        self,
        review: SetReview,
        wanted: SetDefinition,
        before: StackSet,
        changed: Sequence[StackInstance],
        *,
        updates: bool,
    ) -> Iterator[StackReview]:
        after = replace(before, template=wanted.template, parameters=wanted.parameters, tags=wanted.tags)
        for row in changed:
            if row.status != CURRENT:
                continue
            name, own = name_of(row, self.fleet.accounts.clients), self._overridden(row)
            # The update of the StackSet keeps the overrides; those of the params file follow in a second operation.
            if updates:
                values = {**wanted.parameters, **(row.overrides or {})}
                yield review.of(row, name, before, (wanted.template, values, wanted.tags))
            if own is not None:
                values = {**wanted.parameters, **own}
                own_review = review.of(row, name, after, (wanted.template, values, wanted.tags))
                yield replace(own_review, name=f"{own_review.name} (its parameters)")

    def _overridden(self, instance: StackInstance) -> Mapping[str, str] | None:
        """The overrides that the instance is to have where they are others than it has."""
        client = client_of(instance, self.fleet.accounts.clients)
        if client is None or instance.region not in client.regions:
            return None
        own = self.fleet.overrides(client)
        return own if dict(own) != dict(instance.overrides or {}) else None

    def _uploaded(self, run: Run, desired: DesiredStack, wanted: SetDefinition) -> SetDefinition:
        """The definition, with the address of the uploaded template where that is too large for a call."""
        why = why_large(desired, wanted.template)
        if not why:
            return wanted
        bucket = uploads(self.fleet.target, run.questions.agreed)
        key = template_key(desired.entry.template, wanted.template)
        bucket.upload(key, wanted.template.encode(), why, info)
        return replace(wanted, template_url=bucket.url(key))

    def _execute(
        self, operations: SetOperations, wanted: SetDefinition, plan: AccountPlan, instances: Sequence[StackInstance]
    ) -> None:
        port, preferences = self.fleet.port, self.fleet.accounts.preferences
        if plan.creates:
            # With a token a call that botocore repeats after a lost answer creates no second StackSet.
            port.create_set(wanted, token=str(uuid4()))
        if plan.updates:
            there = _ordered(preferences, [row.region for row in instances])
            what = f"update of {amount(len(instances), 'stack')}"
            operations.through(what, lambda identifier: port.update_set(wanted, there, identifier=identifier))
        for step in plan.steps:
            what = f"{'creation' if step.kind == 'create' else 'update'} for {', '.join(step.clients)}"
            operations.through(what, partial(self._start, step))

    def _start(self, step: Step, identifier: str) -> None:
        preferences = _ordered(self.fleet.accounts.preferences, step.regions)
        request = InstancesRequest(
            self.fleet.fleet.name, identifier, step.targets, step.regions, preferences, step.overrides
        )
        if step.kind == "create":
            self.fleet.port.create_instances(request)
        else:
            self.fleet.port.update_instances(request)


def _ordered(preferences: Preferences, regions: Sequence[str]) -> Preferences:
    """The preferences with the order of these regions alone: the order must not name others."""
    known = [region for region in preferences.region_order if region in regions]
    return replace(preferences, region_order=tuple(dict.fromkeys((*known, *regions))))
