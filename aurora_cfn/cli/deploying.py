"""One run of `deploy`: the pieces put together around the main thread."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from functools import cached_property
from secrets import token_hex

import click

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.cloudformation import AwsCloudFormation
from aurora_cfn.aws.parameters import SsmParameters
from aurora_cfn.cli.approval import Approval
from aurora_cfn.cli.code import Code
from aurora_cfn.cli.console import console
from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.readiness import check_account, committed_templates, lint
from aurora_cfn.cli.target import target
from aurora_cfn.deploy.deployment import deploy
from aurora_cfn.deploy.desired import desired
from aurora_cfn.deploy.engine import Choices, Engine
from aurora_cfn.deploy.inputs import Inputs
from aurora_cfn.deploy.relay import Relay
from aurora_cfn.deploy.schedule import Desk, Schedule
from aurora_cfn.deploy.selection import selected
from aurora_cfn.environment.graph import needs
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.plan import DesiredStack, StackPlan, StackResult
from aurora_cfn.model.stack import Stack


class Deploying:
    """What a run needs, made from the options; `interrupted` tells whether the person left it."""

    def __init__(
        self, env: str, aws: AwsOptions, choices: Choices, *, yes: bool, allow: Sequence[str], log_format: str
    ) -> None:
        """Read the environment. Raises InputError with everything that is wrong in it."""
        self.target = target(env, aws)
        threading.Thread(target=self._warm, daemon=True).start()
        self.interrupted = False
        self._choices, self._yes, self._allow = choices, yes, allow
        self._clock = SystemClock()
        self._console = console(self._clock, log_format)
        self._desk = Desk()
        self._done: dict[str, Stack] = {}

    def deploy(self, stacks: Sequence[str], *, with_dependencies: bool, parallel: int) -> list[StackResult]:
        """What came of each stack. Raises InputError, AwsError, or ends the command before anything was sent."""
        environment = self.target.environment
        chosen = selected(environment, stacks, with_dependencies=with_dependencies)
        texts = committed_templates((row.template for row in chosen), self.target.blueprints)
        lint(environment, chosen, texts)
        self._code = Code(self.target, chosen)
        if not self.target.local:
            from aurora_cfn.aws.caller import StsCaller

            arn = check_account(environment, StsCaller(self.target.session))
            click.echo(f"{environment.name}: {environment.region}, as {arn}", err=True)
        wanted = {row.key: self._desired(row, texts[row.template]) for row in chosen}
        schedule = Schedule(
            waits=needs(chosen),
            work=lambda key: self._work(wanted[key]),
            skip=lambda key, failed: self._skip(wanted[key], failed),
            interrupted=self._interrupt,
            desk=self._desk,
            parallel=parallel,
            tick=self._console.tick,
        )
        try:
            return schedule.run()
        finally:
            self._console.close()

    @cached_property
    def _cloudformation(self) -> AwsCloudFormation:
        return AwsCloudFormation(self.target.session)

    @cached_property
    def _engine(self) -> Engine:
        return Engine(
            self._cloudformation,
            self._clock,
            Relay(self._desk, self._console),
            approve=lambda plan: self._desk.ask(lambda: self._approve(plan)),
            consent=lambda question: self._desk.ask(lambda: self._console.ask(lambda: self._agreed(question))),
            run=f"{self._clock.now():%Y%m%dT%H%M%S}-{token_hex(4)}",
            environment=self.target.environment.name,
            choices=self._choices,
            stopping=lambda: self.interrupted,
        )

    def _warm(self) -> None:
        """Make the client while templates are rendered and linted; whatever is wrong is told when it is used."""
        try:
            self.target.session.client("cloudformation")
        except Exception:
            return

    def _desired(self, entry: EnvironmentStack, template: str) -> DesiredStack:
        environment = self.target.environment
        return desired(environment, entry, self.target.blueprints[entry.template], template)

    def _work(self, wanted: DesiredStack) -> StackResult:
        environment, cloudformation = self.target.environment, self._cloudformation
        names = {row.key: row.name for row in environment.stacks}
        inputs = Inputs(
            environment,
            self.target.blueprints,
            lambda key: self._done.get(key) or cloudformation.stack(names[key]),
            SsmParameters(self.target.session),
            os.environ,
        )
        result = deploy(self._engine, wanted, lambda row: inputs.of(row) | self._code_of(row.key))
        if result.stack is not None:
            self._done[result.key] = result.stack
        return result

    def _code_of(self, key: str) -> dict[str, str]:
        """Parameters that name the stack's code, which is uploaded unless this run only looks."""
        if not self._choices.dry_run:
            self._code.upload(key, self._engine.listener.step)
        return self._code.parameters(key)

    def _skip(self, wanted: DesiredStack, failed: Sequence[str]) -> StackResult:
        result = StackResult(wanted.key, wanted.name, "skipped", cause=f"waits for {', '.join(failed)}")
        self._console.ended(result)
        return result

    def _approve(self, plan: StackPlan) -> bool:
        approval = Approval(
            self._cloudformation,
            ask=lambda question: self._choices.dry_run or self._agreed(question),
            environment=self.target.environment.name,
            today=self._clock.now().date(),
            allow=self._allow,
        )
        return self._console.ask(lambda: approval.approve(plan))

    def _agreed(self, question: str) -> bool:
        if self._yes or self.interrupted:
            return self._yes and not self.interrupted
        try:
            return click.confirm(question, err=True)
        except click.Abort:
            self._interrupt()
            return False

    def _interrupt(self) -> None:
        self.interrupted = True
        self._clock.wake()
