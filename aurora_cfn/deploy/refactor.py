"""A stack refactor from the logical ids of the command line to the stacks that have them: rename, or move.

The project's templates have the new ids already. They are what is submitted, so that nothing differs afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from aurora_cfn.deploy.context import Context
from aurora_cfn.deploy.large_template import submitted
from aurora_cfn.deploy.ownership import claim
from aurora_cfn.deploy.prepare import refuse_unready
from aurora_cfn.deploy.refactor_rules import RefactorSide, is_done, refusals, wrong_names
from aurora_cfn.deploy.stack_status import is_stuck
from aurora_cfn.deploy.watch.pace import Pace
from aurora_cfn.deploy.write_calls import ordered, repeated
from aurora_cfn.errors import BusyError, DeployError, GuardError, InputError, KnownFailureError, StuckError
from aurora_cfn.model.plan import DesiredStack, StackResult
from aurora_cfn.model.stack import Stack, stack_name_of
from aurora_cfn.model.stack_refactor import RefactorAction, ResourceMove, StackDefinition, StackRefactor
from aurora_cfn.ports.stack_operations import StackRefactors
from aurora_cfn.template.side import template_of
from aurora_cfn.yamltext import read_template

Approve = Callable[[Sequence[RefactorAction]], bool]
"""Shows what CloudFormation will do and returns the answer to it."""


@dataclass(frozen=True, slots=True)
class Refactoring:
    """One run: the port, what is moved, and the stacks by their full names, the source first."""

    context: Context
    port: StackRefactors
    moves: tuple[ResourceMove, ...]
    stacks: Mapping[str, DesiredStack]

    @property
    def first(self) -> DesiredStack:
        """The stack that the result is about."""
        return next(iter(self.stacks.values()))

    def run(self, approve: Approve) -> StackResult:
        """The result. Raises what is wrong or refused before anything is changed, DeployError for what failed."""
        self._follow_earlier_runs()
        sides = {name: self._side(desired) for name, desired in self.stacks.items()}
        if is_done(sides, self.moves):
            self.context.listener.step(self.first.key, "the deployed stack has these logical ids already")
            return self._result("unchanged")
        self._refuse(sides)
        made = self._made()
        actions = self.port.refactor_actions(made.id)
        self._refuse_more(actions)
        agreed = approve(actions)
        if self.context.choices.dry_run:
            return self._result("previewed")
        # The refactor is left: it has changed nothing, and CloudFormation has no call that deletes one.
        if not agreed or self.context.stopping():
            return self._result("declined")
        self._execute(made)
        return replace(self._result("updated"), stack=self.context.cloudformation.stack(self.first.name))

    def _result(self, outcome: str) -> StackResult:
        return StackResult(self.first.key, self.first.name, outcome)  # type: ignore[arg-type] # one of the words above

    def _side(self, desired: DesiredStack) -> RefactorSide:
        """The stack as deployed and as written. Raises GuardError, BusyError, DeployError, InputError."""
        context, cloudformation = self.context, self.context.cloudformation
        stack = cloudformation.stack(desired.name)
        if stack is None or not stack.exists:
            raise InputError(f"{desired.name} is not deployed: a refactor works on stacks that are; deploy it first")
        claim(context, desired.key, stack, "refactor")
        if refuse_unready(context, desired, stack).move != "update":
            raise InputError(f"{stack.name} is in {stack.status}, so nothing of it is there: deploy it first")
        document = read_template(desired.template, desired.entry.template_file)
        deployed = read_template(cloudformation.template(stack.arn), stack.name)
        return RefactorSide(
            desired.entry,
            stack,
            template_of(deployed, stack.name),
            template_of(document, desired.entry.template_file),
            document,
            {row.logical_id: row for row in cloudformation.resources(stack.arn)},
            cloudformation.stack_policy(stack.arn),
        )

    def _refuse(self, sides: Mapping[str, RefactorSide]) -> None:
        complaints = wrong_names(sides, self.moves)
        if complaints:
            raise InputError(complaints)
        known = refusals(sides, self.moves)
        if known:
            raise KnownFailureError("\n".join(["CloudFormation would refuse it; nothing was sent:", *known]))

    def _made(self) -> StackRefactor:
        """The refactor, validated by CloudFormation. Raises DeployError with its reason."""
        context = self.context
        definitions = []
        for desired in self.stacks.values():
            template, url = submitted(context, desired, desired.template)
            definitions.append(StackDefinition(desired.name, template, url))
        identifier = self.port.create_refactor(definitions, self.moves, description=self._description())
        pace = Pace()
        while (found := self._read(identifier, "the refactor is being validated")).pending:
            if context.stopping():
                raise BusyError("stopped before anything was changed")
            context.clock.sleep(pace.after(news=False))
        if not found.available:
            reason = " ".join(found.reason.split()) or "CloudFormation gave no reason"
            raise DeployError(f"{self.first.name}: CloudFormation refuses the refactor: {reason}; nothing was changed")
        return found

    def _description(self) -> str:
        return f"{_LEAD}{self.context.environment.name}"

    def _refuse_more(self, actions: Sequence[RefactorAction]) -> None:
        """Raise GuardError where CloudFormation would move what was not asked for: it also maps resources itself."""
        more = [row.description or row.action for row in actions if row.move not in self.moves]
        if more:
            raise GuardError("\n".join(["CloudFormation would do more than asked; nothing was changed:", *more]))

    def _execute(self, made: StackRefactor) -> None:
        def begun() -> bool:
            return not self.port.refactor(made.id).available

        def order() -> None:
            self.port.execute_refactor(made.id)

        desired = self.first
        self.context.listener.started(desired.key, len(self.moves))
        ordered(self.context, desired.key, desired.name, order, begun)
        self._followed(made.id)

    def _followed(self, identifier: str) -> None:
        """Wait for the end. Raises BusyError when the run stops, DeployError when it was rolled back."""
        context, pace = self.context, Pace()
        while True:
            found = self._read(identifier, "the refactor continues")
            # Right after ExecuteStackRefactor the old status may still be read.
            if not found.executing and not found.available:
                break
            if context.stopping():
                raise BusyError("still running: stopped watching, the refactor continues; the same command follows it")
            context.clock.sleep(pace.after(news=False))
        # EXECUTE_COMPLETE comes some seconds before the stacks leave UPDATE_IN_PROGRESS (aws-cdk-cli issue 1804).
        stacks = [self._stable(name) for name in self.stacks]
        if found.done:
            return
        reason = " ".join(found.execution_reason.split()) or "CloudFormation gave no reason"
        states = ", ".join(f"{stack.name} is in {stack.status}" for stack in stacks if stack)
        text = f"{self.first.name}: the refactor failed ({found.execution}): {reason}\n  {states}"
        if found.stuck or any(stack and is_stuck(stack.status) for stack in stacks):
            where = f"`aurora-cfn recover {context.env_option}` shows what it would do, and asks first"
            raise StuckError(f"{text}\n  to repair it: {where}")
        raise DeployError(f"{text}\n  every resource is where it was")

    def _stable(self, name: str) -> Stack | None:
        context, pace = self.context, Pace()
        read = partial(context.cloudformation.stack, name)
        while (stack := repeated(context, self.first.key, read, "the refactor is executed")) and stack.busy:
            if context.stopping():
                raise BusyError(f"executed, but {name} is still in {stack.status}: stopped watching")
            context.clock.sleep(pace.after(news=False))
        return stack

    def _read(self, identifier: str, known: str) -> StackRefactor:
        return repeated(self.context, self.first.key, partial(self.port.refactor, identifier), known)

    def _follow_earlier_runs(self) -> None:
        """Wait for a refactor of these stacks that an earlier run began and did not see the end of."""
        if self.context.choices.dry_run:
            return
        for found in self.port.executing_refactors():
            names = {stack_name_of(arn) for arn in found.stacks}
            if names & set(self.stacks) and found.description.startswith(_LEAD):
                text = "an earlier run of aurora-cfn is still refactoring it: watching"
                self.context.listener.step(self.first.key, text)
                self._followed(found.id)


_LEAD = "aurora-cfn refactor --env "
"""How the descriptions of our refactors begin."""
