"""One run of `deploy`: the pieces put together around the main thread."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from aurora_cfn.aws.ssm import SsmParameters
from aurora_cfn.cli.runs.approval import Approval, PlanCosts, known_names
from aurora_cfn.cli.runs.readiness import checked_account, committed_templates, lint
from aurora_cfn.cli.runs.run import Run
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.runs.upload import Code, uploads
from aurora_cfn.cli.terminal.messages import hide, info
from aurora_cfn.deploy.context import Choices, Engine
from aurora_cfn.deploy.deploy_stack import deploy
from aurora_cfn.deploy.desired import Inputs, desired, selected
from aurora_cfn.deploy.plan.file import foreseen
from aurora_cfn.deploy.preview import lacking
from aurora_cfn.environment import shell_complaints
from aurora_cfn.environment.graph import needs
from aurora_cfn.errors import InputError
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.plan import DesiredStack, Outcome, StackPlan, StackResult
from aurora_cfn.model.review import StackReview
from aurora_cfn.model.stack import Stack
from aurora_cfn.project.git import head
from aurora_cfn.review import needless
from aurora_cfn.review.guard import COMMAND_LINE

PENDING: frozenset[Outcome] = frozenset({"previewed", "planned", "deferred"})
"""Outcomes of a stack that this run only looks at, and that would change."""


class Deploying:
    """What a run needs, made from the options; `executes` says that what is agreed to is executed."""

    executes = True

    def __init__(self, goal: Target, choices: Choices, *, yes: bool, log_format: str) -> None:
        """Nothing is called yet, but for a client that is made meanwhile."""
        self.target = goal
        threading.Thread(target=self._warm, daemon=True).start()
        self.run = Run(self.target, choices, yes=yes, log_format=log_format)
        self.caller = ""
        self.pending: dict[str, DesiredStack] = {}
        self.reviews: dict[str, StackReview] = {}
        self._names = {row.key: row.name for row in self.target.environment.stacks}
        self._done: dict[str, Stack] = {}

    def deploy(self, stacks: Sequence[str], *, with_dependencies: bool, parallel: int) -> list[StackResult]:
        """What came of each stack. Raises InputError, AwsError, or ends the command before anything was sent."""
        wanted = self.ready(stacks, with_dependencies=with_dependencies)
        results = self.work_through(wanted, parallel)
        self.tell_needless(results)
        return results

    def ready(self, stacks: Sequence[str], *, with_dependencies: bool) -> dict[str, DesiredStack]:
        """The stacks meant, after every check that needs no change set. Raises and ends as `deploy` does."""
        environment = self.target.environment
        if self.run.choices.express and not environment.express:
            raise InputError(f"{environment.path} does not allow express mode: it needs `express: true`")
        chosen = selected(environment, stacks, with_dependencies=with_dependencies)
        unset = shell_complaints(chosen, environment, self.target.templates, os.environ)
        if unset:
            raise InputError(unset)
        texts = committed_templates((row.template for row in chosen), self.target.templates)
        lint(environment, chosen, texts)
        self.code = Code(self.target, chosen)
        self.caller = checked_account(self.target, self.run.console.caller)
        self._check_names(chosen, texts)
        self._look_ahead(chosen, texts)
        return {row.key: self._desired(row, texts[row.template]) for row in chosen}

    def work_through(self, wanted: Mapping[str, DesiredStack], parallel: int) -> list[StackResult]:
        """What came of each of them, in the order of the graph and side by side."""
        return self.run.work_through(
            needs(row.entry for row in wanted.values()),
            lambda key: self.work(wanted[key]),
            lambda key, failed: self._skip(wanted[key], failed),
            self.engine,
            parallel,
        )

    def tell_needless(self, results: Sequence[StackResult]) -> None:
        """Say which names of `--allow-replace` nothing needed, where all stacks got far enough to know."""
        if all(row.good for row in results) and not self.run.interrupted:
            for name in needless(self.run.choices.allow, self.reviews.values()):
                info(f"{COMMAND_LINE} {name}: nothing of that name needs it")

    def _check_names(self, chosen: Sequence[EnvironmentStack], texts: Mapping[str, str]) -> None:
        allow = known_names(self.run.choices.allow, chosen, texts, self.run.cloudformation)
        self.run.choices = replace(self.run.choices, allow=allow)

    def _look_ahead(self, chosen: Sequence[EnvironmentStack], texts: Mapping[str, str]) -> None:
        if self.run.choices.preflight and not self.target.local:
            from aurora_cfn.cli.runs.preflight import refuse_hopeless

            refuse_hopeless(self.target, chosen, texts, self.run.console.findings)

    @cached_property
    def engine(self) -> Engine:
        """The engine of this run, whose change sets say which commit they come from and who made them."""
        commit, dirty = head()
        where = f"at {commit[:12]}{' with uncommitted changes' * dirty} " if commit else ""
        origin = f"{where}by {self.caller}" if self.caller else where.strip()
        engine = self.run.engine(self._approve)
        return replace(engine, origin=origin, uploads=uploads(self.target, self.bucket_consent(engine)))

    def bucket_consent(self, engine: Engine) -> Callable[[str], bool]:
        """Who is asked before a bucket is made."""
        return engine.consent

    def _warm(self) -> None:
        """Make the client while templates are rendered and linted; whatever is wrong is told when it is used."""
        try:
            self.target.session.client("cloudformation")
        except Exception:
            return

    def _desired(self, entry: EnvironmentStack, template: str) -> DesiredStack:
        environment = self.target.environment
        return desired(environment, entry, self.target.templates[entry.template], template)

    def work(self, wanted: DesiredStack) -> StackResult:
        """What came of one stack; called in a thread of its own."""
        missing = lacking(wanted, self.deployed, self.pending) if self.run.choices.dry_run else []
        if missing:
            return self.noted(wanted, foreseen(self.engine, wanted, missing))
        result = deploy(self.engine, wanted, lambda row: self.inputs(row) | self._code_of(row.key))
        return self.noted(wanted, result)

    def noted(self, wanted: DesiredStack, result: StackResult) -> StackResult:
        """The same; stacks that wait for this one read from there what it is, and whether it would change."""
        if result.stack is not None:
            self._done[result.key] = result.stack
        if result.outcome in PENDING:
            self.pending[result.key] = wanted
        return result

    def deployed(self, key: str) -> Stack | None:
        """The stack of that key as it is, or as this run has left it."""
        return self._done.get(key) or self.run.cloudformation.stack(self._names[key])

    def inputs(self, wanted: DesiredStack) -> dict[str, str]:
        """Its parameters as text, without those of its code. Raises InputError with everything that is missing."""
        ssm = SsmParameters(self.target.session)
        inputs = Inputs(self.target.environment, self.target.templates, self.deployed, ssm, os.environ)
        found = inputs.of(wanted)
        environment = self.target.environment
        words = (environment.name, environment.region, *self._names, *self._names.values())
        hide((value for name, value in found.items() if wanted.hides(name)), words)
        return found

    def _code_of(self, key: str) -> dict[str, str]:
        """Parameters that name the stack's code, which is uploaded unless this run only looks."""
        if not self.run.choices.dry_run:
            assert self.engine.uploads is not None
            self.code.upload(key, self.engine.uploads, self.engine.listener.step)
        return self.code.parameters(key)

    def _skip(self, wanted: DesiredStack, failed: Sequence[str]) -> StackResult:
        result = StackResult(wanted.key, wanted.name, "skipped", cause=f"waits for {', '.join(failed)}")
        self.run.console.ended(result)
        return result

    def _keep_review(self, review: StackReview) -> None:
        self.reviews[review.key] = review

    def _approve(self, plan: StackPlan) -> bool:
        run = self.run
        approval = Approval(
            run.cloudformation,
            run.console,
            ask=self._agreed,
            environment=self.target.environment.name,
            today=run.clock.now().date(),
            allow=run.choices.allow,
            reviewed=self._keep_review,
            costs=self._costs,
        )
        return approval.approve(plan)

    @cached_property
    def _costs(self) -> PlanCosts | None:
        """None where nothing costs anything."""
        return None if self.target.local else PlanCosts(self.target.environment)

    def _agreed(self, question: str) -> bool:
        """The person's answer, who is only asked where something is executed then."""
        if self.run.choices.dry_run or not self.executes:
            return not self.run.interrupted
        return self.run.agreed(question)
