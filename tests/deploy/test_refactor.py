"""A refactor from its validation to the stacks afterwards, and every way in which it ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from aurora_cfn.deploy.context import Choices
from aurora_cfn.deploy.deploy_stack import recorded
from aurora_cfn.deploy.refactor import Refactoring
from aurora_cfn.errors import AwsError
from aurora_cfn.model.plan import StackResult
from aurora_cfn.model.stack import StackResource
from aurora_cfn.model.stack_refactor import RefactorAction
from tests.deploy.toys import TEMPLATE, World, stack
from tests.fakes.refactors import FakeStackRefactors, move

RENAMED = TEMPLATE.replace("  Cluster:\n", "  Database:\n")
RENAME = move("db-dev.Cluster", "db-dev.Database")
CALLS = ("CreateStackRefactor", "ExecuteStackRefactor")


@pytest.fixture
def world() -> World:
    made = World()
    there = made.cfn.put("db-dev", "CREATE_COMPLETE", TEMPLATE, parameters={"Size": "1"})
    for name, kind in (("Cluster", "AWS::RDS::DBCluster"), ("Writer", "AWS::RDS::DBInstance")):
        made.cfn.put_resource(there, StackResource(name, kind, "CREATE_COMPLETE", f"db-{name.lower()}"))
    return made


@pytest.fixture
def port(world: World) -> FakeStackRefactors:
    return FakeStackRefactors(world.cfn)


def refactored(
    world: World,
    port: FakeStackRefactors,
    template: str = RENAMED,
    *,
    answer: bool = True,
    dry_run: bool = False,
    shown: list[RefactorAction] | None = None,
    stopping: Callable[[], bool] | None = None,
) -> StackResult:
    def approve(actions: Sequence[RefactorAction]) -> bool:
        if shown is not None:
            shown.extend(actions)
        return answer

    context = replace(world.context(), choices=Choices(dry_run=dry_run))
    if stopping:
        context = replace(context, stopping=stopping)
    wanted = stack("db", template)
    work = Refactoring(context, port, (RENAME,), {wanted.name: wanted})
    return recorded(context, wanted.key, wanted.name, lambda: work.run(approve))


def ids(world: World) -> dict[str, str]:
    return {row.logical_id: row.physical_id for row in world.cfn.resources("db-dev")}


def test_it_is_shown_executed_and_waited_for(world: World, port: FakeStackRefactors) -> None:
    shown: list[RefactorAction] = []
    result = refactored(world, port, shown=shown)
    assert (result.outcome, result.exit_code) == ("updated", 0), result.cause
    assert [row.move for row in shown] == [RENAME]
    assert ids(world) == {"Database": "db-cluster", "Writer": "db-writer"}
    assert result.stack is not None
    # The stack leaves UPDATE_IN_PROGRESS later than the refactor its EXECUTE_IN_PROGRESS.
    assert result.stack.status == "UPDATE_COMPLETE"
    assert world.cfn.template("db-dev") == RENAMED
    assert refactored(world, port).outcome == "unchanged"
    assert [world.cfn.count(name) for name in CALLS] == [1, 1]


@pytest.mark.parametrize(("dry_run", "answer", "outcome"), [(True, True, "previewed"), (False, False, "declined")])
def test_nothing_is_executed_without_consent(
    world: World, port: FakeStackRefactors, dry_run: bool, answer: bool, outcome: str
) -> None:
    result = refactored(world, port, answer=answer, dry_run=dry_run)
    assert (result.outcome, result.exit_code) == (outcome, 0)
    assert ids(world) == {"Cluster": "db-cluster", "Writer": "db-writer"}
    assert world.cfn.count("ExecuteStackRefactor") == 0


def policy(world: World, _: FakeStackRefactors) -> None:
    world.cfn.put_policy("db-dev", "{}")


def gone(world: World, _: FakeStackRefactors) -> None:
    world.cfn.delete_stack("db-dev", token="t")
    world.clock.sleep(100)


def failed(world: World, _: FakeStackRefactors) -> None:
    world.cfn.put("db-dev", "ROLLBACK_COMPLETE")


def busy(world: World, _: FakeStackRefactors) -> None:
    world.cfn.put("db-dev", "UPDATE_IN_PROGRESS", TEMPLATE)


def more(_: World, port: FakeStackRefactors) -> None:
    port.more.append(RefactorAction("MOVE", "RESOURCE", "x", "db-dev.Writer to db-dev.Else"))


@pytest.mark.parametrize(
    ("arrange", "template", "code", "words"),
    [
        (policy, RENAMED, 11, "has a stack policy"),
        (gone, RENAMED, 3, "is not deployed"),
        (failed, RENAMED, 3, "deploy it first"),
        (busy, RENAMED, 7, "an update is running"),
        (more, RENAMED, 6, "more than asked"),
        (lambda *_: None, TEMPLATE, 3, "still has Cluster"),
        (lambda *_: None, RENAMED.replace("AWS::RDS::DBInstance", "AWS::RDS::DBProxy"), 11, "Writer"),
    ],
)
def test_what_is_refused_is_not_executed(
    world: World,
    port: FakeStackRefactors,
    arrange: Callable[[World, FakeStackRefactors], None],
    template: str,
    code: int,
    words: str,
) -> None:
    arrange(world, port)
    result = refactored(world, port, template)
    assert result.exit_code == code, result.cause
    assert words in result.cause
    assert world.cfn.count("ExecuteStackRefactor") == 0
    assert code == 6 or world.cfn.count("CreateStackRefactor") == 0


@pytest.mark.parametrize(("stuck", "code", "words"), [(False, 5, "where it was"), (True, 10, "aurora-cfn recover")])
def test_a_failure_is_explained(world: World, port: FakeStackRefactors, stuck: bool, code: int, words: str) -> None:
    port.fail, port.stuck = "no permission to tag the cluster", stuck
    result = refactored(world, port)
    assert (result.outcome, result.exit_code) == ("failed", code)
    assert "no permission to tag the cluster" in result.cause
    assert words in result.cause
    assert ids(world) == {"Cluster": "db-cluster", "Writer": "db-writer"}


def test_what_cloudformation_refuses_itself_is_said(world: World, port: FakeStackRefactors) -> None:
    world.cfn.trouble["GetStackPolicy"] = []
    read = world.cfn.stack_policy
    world.cfn.stack_policy = lambda stack: ""  # type: ignore[method-assign] # set between our reading and the call
    world.cfn.put_policy("db-dev", "{}")
    result = refactored(world, port)
    world.cfn.stack_policy = read  # type: ignore[method-assign]
    assert result.exit_code == 5
    assert "CloudFormation refuses the refactor: Stack db-dev has a stack policy; nothing was changed" in result.cause


def test_an_interrupted_run_is_followed_by_the_next(world: World, port: FakeStackRefactors) -> None:
    begun = lambda: world.cfn.count("ExecuteStackRefactor") > 0  # noqa: E731
    result = refactored(world, port, stopping=begun)
    assert (result.outcome, result.exit_code) == ("detached", 7)
    assert "the same command follows it" in result.cause
    result = refactored(world, port)
    assert (result.outcome, result.exit_code) == ("unchanged", 0), result.cause
    assert "db: an earlier run of aurora-cfn is still refactoring it: watching" in world.listener.lines
    assert ids(world) == {"Database": "db-cluster", "Writer": "db-writer"}
    assert [world.cfn.count(name) for name in CALLS] == [1, 1]


def lost() -> AwsError:
    return AwsError("no answer", operation="ExecuteStackRefactor", code="Unreachable")


def test_a_lost_answer_is_looked_up(world: World, port: FakeStackRefactors) -> None:
    order = port.execute_refactor

    def unheard(identifier: str) -> None:
        order(identifier)
        raise lost()

    port.execute_refactor = unheard  # type: ignore[method-assign]
    assert refactored(world, port).outcome == "updated"
    assert ids(world) == {"Database": "db-cluster", "Writer": "db-writer"}


def test_a_failed_read_does_not_end_the_watching(world: World, port: FakeStackRefactors) -> None:
    world.cfn.trouble["DescribeStackRefactor"] = [AwsError("slow down", code="Throttling")] * 2
    assert refactored(world, port).outcome == "updated"
    assert any("asking again" in line for line in world.listener.lines)
