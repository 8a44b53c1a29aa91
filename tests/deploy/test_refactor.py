"""A refactor from its validation to the stacks afterwards, and every way in which it ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from aurora_cfn.deploy.context import Choices
from aurora_cfn.deploy.refactor import Refactoring
from aurora_cfn.deploy.stack_result import recorded
from aurora_cfn.errors import AwsError
from aurora_cfn.model.plan import StackResult
from aurora_cfn.model.stack import StackResource
from aurora_cfn.model.stack_refactor import RefactorAction
from tests.deploy.toys import TEMPLATE, FakeRun, stack
from tests.fakes.refactors import FakeStackRefactors, move

RENAMED = TEMPLATE.replace("  Cluster:\n", "  Database:\n")
RENAME = move("db-dev.Cluster", "db-dev.Database")
CALLS = ("CreateStackRefactor", "ExecuteStackRefactor")


@pytest.fixture
def fake() -> FakeRun:
    made = FakeRun()
    there = made.cfn.put("db-dev", "CREATE_COMPLETE", TEMPLATE, parameters={"Size": "1"})
    for name, kind in (("Cluster", "AWS::RDS::DBCluster"), ("Writer", "AWS::RDS::DBInstance")):
        made.cfn.put_resource(there, StackResource(name, kind, "CREATE_COMPLETE", f"db-{name.lower()}"))
    return made


@pytest.fixture
def port(fake: FakeRun) -> FakeStackRefactors:
    return FakeStackRefactors(fake.cfn)


def refactored(
    fake: FakeRun,
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

    context = replace(fake.context(), choices=Choices(dry_run=dry_run))
    if stopping:
        context = replace(context, stopping=stopping)
    wanted = stack("db", template)
    work = Refactoring(context, port, (RENAME,), {wanted.name: wanted})
    return recorded(context, wanted.key, wanted.name, lambda: work.run(approve))


def ids(fake: FakeRun) -> dict[str, str]:
    return {row.logical_id: row.physical_id for row in fake.cfn.resources("db-dev")}


def test_it_is_shown_executed_and_waited_for(fake: FakeRun, port: FakeStackRefactors) -> None:
    shown: list[RefactorAction] = []
    result = refactored(fake, port, shown=shown)
    assert (result.outcome, result.exit_code) == ("updated", 0), result.cause
    assert [row.move for row in shown] == [RENAME]
    assert ids(fake) == {"Database": "db-cluster", "Writer": "db-writer"}
    assert result.stack is not None
    # The stack leaves UPDATE_IN_PROGRESS later than the refactor its EXECUTE_IN_PROGRESS.
    assert result.stack.status == "UPDATE_COMPLETE"
    assert fake.cfn.template("db-dev") == RENAMED
    assert refactored(fake, port).outcome == "unchanged"
    assert [fake.cfn.count(name) for name in CALLS] == [1, 1]


@pytest.mark.parametrize(("dry_run", "answer", "outcome"), [(True, True, "previewed"), (False, False, "declined")])
def test_nothing_is_executed_without_consent(
    fake: FakeRun, port: FakeStackRefactors, dry_run: bool, answer: bool, outcome: str
) -> None:
    result = refactored(fake, port, answer=answer, dry_run=dry_run)
    assert (result.outcome, result.exit_code) == (outcome, 0)
    assert ids(fake) == {"Cluster": "db-cluster", "Writer": "db-writer"}
    assert fake.cfn.count("ExecuteStackRefactor") == 0


def policy(fake: FakeRun, _: FakeStackRefactors) -> None:
    fake.cfn.put_policy("db-dev", "{}")


def gone(fake: FakeRun, _: FakeStackRefactors) -> None:
    fake.cfn.delete_stack("db-dev", token="t")
    fake.clock.sleep(100)


def failed(fake: FakeRun, _: FakeStackRefactors) -> None:
    fake.cfn.put("db-dev", "ROLLBACK_COMPLETE")


def busy(fake: FakeRun, _: FakeStackRefactors) -> None:
    fake.cfn.put("db-dev", "UPDATE_IN_PROGRESS", TEMPLATE)


def more(_: FakeRun, port: FakeStackRefactors) -> None:
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
    fake: FakeRun,
    port: FakeStackRefactors,
    arrange: Callable[[FakeRun, FakeStackRefactors], None],
    template: str,
    code: int,
    words: str,
) -> None:
    arrange(fake, port)
    result = refactored(fake, port, template)
    assert result.exit_code == code, result.cause
    assert words in result.cause
    assert fake.cfn.count("ExecuteStackRefactor") == 0
    assert code == 6 or fake.cfn.count("CreateStackRefactor") == 0


@pytest.mark.parametrize(("stuck", "code", "words"), [(False, 5, "where it was"), (True, 10, "aurora-cfn recover")])
def test_a_failure_is_explained(fake: FakeRun, port: FakeStackRefactors, stuck: bool, code: int, words: str) -> None:
    port.fail, port.stuck = "no permission to tag the cluster", stuck
    result = refactored(fake, port)
    assert (result.outcome, result.exit_code) == ("failed", code)
    assert "no permission to tag the cluster" in result.cause
    assert words in result.cause
    assert ids(fake) == {"Cluster": "db-cluster", "Writer": "db-writer"}


def test_what_cloudformation_refuses_itself_is_said(fake: FakeRun, port: FakeStackRefactors) -> None:
    fake.cfn.trouble["GetStackPolicy"] = []
    read = fake.cfn.stack_policy
    fake.cfn.stack_policy = lambda stack: ""  # type: ignore[method-assign] # set between our reading and the call
    fake.cfn.put_policy("db-dev", "{}")
    result = refactored(fake, port)
    fake.cfn.stack_policy = read  # type: ignore[method-assign]
    assert result.exit_code == 5
    assert "CloudFormation refuses the refactor: Stack db-dev has a stack policy; nothing was changed" in result.cause


def test_an_interrupted_run_is_followed_by_the_next(fake: FakeRun, port: FakeStackRefactors) -> None:
    begun = lambda: fake.cfn.count("ExecuteStackRefactor") > 0  # noqa: E731
    result = refactored(fake, port, stopping=begun)
    assert (result.outcome, result.exit_code) == ("detached", 7)
    assert "the same command follows it" in result.cause
    result = refactored(fake, port)
    assert (result.outcome, result.exit_code) == ("unchanged", 0), result.cause
    assert "db: an earlier run of aurora-cfn is still refactoring it: watching" in fake.listener.lines
    assert ids(fake) == {"Database": "db-cluster", "Writer": "db-writer"}
    assert [fake.cfn.count(name) for name in CALLS] == [1, 1]


def lost() -> AwsError:
    return AwsError("no answer", operation="ExecuteStackRefactor", code="Unreachable")


def test_a_lost_answer_is_looked_up(fake: FakeRun, port: FakeStackRefactors) -> None:
    order = port.execute_refactor

    def unheard(identifier: str) -> None:
        order(identifier)
        raise lost()

    port.execute_refactor = unheard  # type: ignore[method-assign]
    assert refactored(fake, port).outcome == "updated"
    assert ids(fake) == {"Database": "db-cluster", "Writer": "db-writer"}


def test_a_failed_read_does_not_end_the_watching(fake: FakeRun, port: FakeStackRefactors) -> None:
    fake.cfn.trouble["DescribeStackRefactor"] = [AwsError("slow down", code="Throttling")] * 2
    assert refactored(fake, port).outcome == "updated"
    assert any("asking again" in line for line in fake.listener.lines)
