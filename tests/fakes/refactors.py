"""Stack refactors in memory, over the stacks of the fake CloudFormation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from aurora_cfn.errors import AwsError
from aurora_cfn.model.event import STACK_TYPE
from aurora_cfn.model.stack_refactor import RefactorAction, ResourceMove, ResourcePlace, StackDefinition, StackRefactor
from tests.fakes.cloudformation import FakeCloudFormation, _resources


@dataclass(slots=True)
class _Made:
    refactor: StackRefactor
    moves: tuple[ResourceMove, ...]
    templates: dict[str, str]
    suppress_codes: float = 0.0


class FakeStackRefactors:
    """The port StackRefactors; `fail` is the reason for which an execution is rolled back, `more` what AWS adds."""

    def __init__(self, cfn: FakeCloudFormation) -> None:
        self.cfn = cfn
        self.fail = ""
        self.more: list[RefactorAction] = []
        self.stuck = False
        self._made: dict[str, _Made] = {}

    def create_refactor(
        self, definitions: Sequence[StackDefinition], moves: Sequence[ResourceMove], *, description: str
    ) -> str:
        with self.cfn._called("CreateStackRefactor"):
            identifier = f"refactor-{len(self._made) + 1}"
            texts = {row.stack: self.cfn.fetch(row.template_url) if row.template_url else row.template
                     for row in definitions}  # fmt: skip
            reason = self._refusal(texts, moves)
            arns = tuple(found.arn if (found := self.cfn.stack(name)) else name for name in texts)
            made = StackRefactor(
                identifier, "CREATE_FAILED" if reason else "CREATE_COMPLETE", reason,
                "UNAVAILABLE" if reason else "AVAILABLE", "", description, arns,
            )  # fmt: skip
            self._made[identifier] = _Made(made, tuple(moves), texts)
            return identifier

    def refactor(self, identifier: str) -> StackRefactor:
        with self.cfn._called("DescribeStackRefactor"):
            return self._now(self._found("DescribeStackRefactor", identifier))

    def refactor_actions(self, identifier: str) -> Sequence[RefactorAction]:
        with self.cfn._called("ListStackRefactorActions"):
            made = self._found("ListStackRefactorActions", identifier)
            return [*(self._action(move) for move in made.moves), *self.more]

    def execute_refactor(self, identifier: str) -> None:
        with self.cfn._called("ExecuteStackRefactor"):
            made = self._found("ExecuteStackRefactor", identifier)
            if made.refactor.execution != "AVAILABLE":
                raise AwsError(f"StackRefactor {identifier} cannot be executed", code="ValidationError")
            seconds = 0.0 if self.cfn.at_once else self.cfn.seconds
            made.suppress_codes = self.cfn.clock.monotonic() + seconds
            end = "EXECUTE_COMPLETE" if not self.fail else "ROLLBACK_FAILED" if self.stuck else "ROLLBACK_COMPLETE"
            made.refactor = replace(made.refactor, execution=end, execution_reason=self.fail)
            status = {"EXECUTE_COMPLETE": "UPDATE_COMPLETE", "ROLLBACK_FAILED": "UPDATE_ROLLBACK_FAILED"}.get(
                end, "UPDATE_ROLLBACK_COMPLETE"
            )
            for name in made.templates:
                kept = self.cfn._find(name)
                assert kept
                arn = kept.stack.arn
                self.cfn._tell(kept, name, arn, STACK_TYPE, "UPDATE_IN_PROGRESS", 0, "", "")
                # The stacks are ready later than the refactor.
                self.cfn._tell(kept, name, arn, STACK_TYPE, status, self.cfn.seconds + 2, "", "")
            if not self.fail:
                self._move(made)

    def executing_refactors(self) -> Sequence[StackRefactor]:
        with self.cfn._called("ListStackRefactors"):
            return [row for made in self._made.values() if (row := self._now(made)).executing]

    def _refusal(self, texts: dict[str, str], moves: Sequence[ResourceMove]) -> str:
        gone = {(move.source.stack, move.source.logical_id) for move in moves}
        new = {(move.destination.stack, move.destination.logical_id) for move in moves}
        for name, text in texts.items():
            kept = self.cfn._find(name)
            if kept is None:
                return f"Stack {name} does not exist"
            if kept.policy:
                return f"Stack {name} has a stack policy"
            before, after = set(_resources(kept.template)), set(_resources(text))
            if {(name, one) for one in before - after} - gone or {(name, one) for one in after - before} - new:
                return f"Resources of stack {name} would be created or deleted"
        return ""

    def _move(self, made: _Made) -> None:
        for move in made.moves:
            source, destination = self.cfn._find(move.source.stack), self.cfn._find(move.destination.stack)
            assert source
            assert destination
            row = source.resources.pop(move.source.logical_id)
            name = move.destination.logical_id
            destination.resources[name] = replace(row, logical_id=name)
        for name, text in made.templates.items():
            kept = self.cfn._find(name)
            assert kept
            kept.template = text

    def _action(self, move: ResourceMove) -> RefactorAction:
        kept = self.cfn._find(move.source.stack)
        row = kept.resources.get(move.source.logical_id) if kept else None
        return RefactorAction("MOVE", "RESOURCE", row.physical_id if row else "", "", move)

    def _found(self, operation: str, identifier: str) -> _Made:
        if identifier not in self._made:
            raise AwsError(f"{operation}: there is no refactor", code="StackRefactorNotFoundException")
        return self._made[identifier]

    def _now(self, made: _Made) -> StackRefactor:
        running = made.suppress_codes > self.cfn.clock.monotonic()
        return replace(made.refactor, execution="EXECUTE_IN_PROGRESS") if running else made.refactor


def move(source: str, destination: str) -> ResourceMove:
    """From `stack.Id` to `stack.Id`."""
    return ResourceMove(*(ResourcePlace(*place.split(".")) for place in (source, destination)))
