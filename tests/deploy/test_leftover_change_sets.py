"""Change sets beside our own: those of killed runs go, all others stay and are named."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from aurora_cfn.deploy.context import Choices, Context
from aurora_cfn.deploy.leftover_change_sets import others
from aurora_cfn.deploy.snapshots import snapshot_name
from aurora_cfn.errors import AwsError
from aurora_cfn.model.change_set import ChangeSetRequest, ChangeSetType
from aurora_cfn.model.ownership import PLAN_SUFFIX, Owner, with_suffix
from tests.deploy.test_before_change import Upgrading
from tests.deploy.toys import TEMPLATE, FakeRun, changed, stack
from tests.fakes.rds import FakeSnapshots

DEAD, ALIVE = Owner("0123456789ab", 7, "100"), Owner("0123456789ab", 8, "200")
RUN = "20260101T000000-00000000"
LEFT = f"aurora-cfn-{RUN}"


def context(fake: FakeRun, choices: Choices | None = None) -> Context:
    return changed(fake.context(choices), owner=ALIVE.suffix, owner_is_dead=lambda maker: maker == DEAD)


def leave(fake: FakeRun, name: str = LEFT, mark: str = DEAD.suffix, kind: ChangeSetType = "CREATE") -> str:
    request = ChangeSetRequest(
        "db-dev", name, kind, TEMPLATE, parameters={"Size": "7"}, description=with_suffix("aurora-cfn deploy", mark)
    )
    return fake.cfn.create_change_set(request).arn


@pytest.mark.parametrize("status", [None, "DELETE_COMPLETE"])
def test_a_stack_that_is_not_there_is_not_asked_for_any(status: str | None) -> None:
    fake = FakeRun()
    before = fake.cfn.put("db-dev", status) if status else None
    found = others(context(fake), stack(), before)
    assert (found.killed, found.notes, found.alone) == ((), (), True)
    assert "ListChangeSets" not in fake.cfn.calls


def names(fake: FakeRun) -> list[str]:
    return [row.name for row in fake.cfn.change_sets("db-dev")]


def test_what_a_killed_run_left_is_taken_away_and_its_shell_used() -> None:
    fake = FakeRun()
    shell = fake.cfn.stack("db-dev")
    leave(fake)
    result = fake.deploy(context=context(fake))
    assert (shell, result.outcome) == (None, "created")
    assert fake.plans[-1].notes == ()
    assert f"db: deleted the change set {LEFT}: the run that made it was killed" in fake.listener.lines


def test_declined_the_shell_of_a_killed_run_goes_too() -> None:
    fake = FakeRun(answer=False)
    leave(fake)
    assert fake.deploy(context=context(fake)).outcome == "declined"
    assert fake.cfn.names() == []


@pytest.mark.parametrize(
    ("name", "mark", "whose"),
    [
        (LEFT, ALIVE.suffix, "of another run of aurora-cfn"),
        (LEFT, "", "of another run of aurora-cfn"),
        (LEFT, PLAN_SUFFIX, "of a plan (deploy --plan)"),
        ("theirs", DEAD.suffix, "of another tool or person"),
        ("theirs", "", "of another tool or person"),
    ],
)
@pytest.mark.parametrize("existing", [False, True])
def test_every_other_is_kept_and_named(existing: bool, name: str, mark: str, whose: str) -> None:
    fake = FakeRun()
    if existing:
        fake.deploy(Size="1")
    leave(fake, name, mark, "UPDATE" if existing else "CREATE")
    fake.answer = False
    assert fake.deploy(context=context(fake), Size="2").outcome == "declined"
    assert names(fake) == [name]
    (note,) = fake.plans[-1].notes
    assert note.startswith(f"the change set {name} {whose} waits on this stack too")
    assert fake.cfn.names() == ["db-dev"]


@pytest.mark.parametrize(
    ("status", "execution", "mark", "gone", "noted"),
    [
        ("CREATE_COMPLETE", "AVAILABLE", DEAD.suffix, True, False),
        ("CREATE_IN_PROGRESS", "UNAVAILABLE", DEAD.suffix, True, False),
        ("CREATE_COMPLETE", "OBSOLETE", DEAD.suffix, True, False),
        ("FAILED", "UNAVAILABLE", DEAD.suffix, True, False),
        # It was begun, so it is no longer ours to take away; nor does it wait.
        ("CREATE_COMPLETE", "EXECUTE_IN_PROGRESS", DEAD.suffix, False, False),
        ("CREATE_COMPLETE", "EXECUTE_FAILED", DEAD.suffix, False, False),
        ("CREATE_COMPLETE", "OBSOLETE", ALIVE.suffix, False, False),
        ("FAILED", "UNAVAILABLE", ALIVE.suffix, False, False),
        ("CREATE_PENDING", "UNAVAILABLE", ALIVE.suffix, False, True),
        ("CREATE_COMPLETE", "AVAILABLE", "", False, True),
    ],
)
def test_only_what_was_never_begun_goes_and_only_what_waits_is_noted(
    status: str, execution: str, mark: str, gone: bool, noted: bool
) -> None:
    fake = FakeRun()
    arn = leave(fake, mark=mark)
    request, row = fake.cfn._sets[arn]
    fake.cfn._sets[arn] = request, replace(row, status=status, execution_status=execution)
    everyone = changed(context(fake), owner_is_dead=lambda maker: maker == DEAD)
    found = others(everyone, stack(), fake.cfn.stack("db-dev"))
    assert (found.killed, found.alone, bool(found.notes)) == ((RUN,) if gone else (), gone, noted)
    assert names(fake) == ([] if gone else [LEFT])


@pytest.mark.parametrize("operation", ["ListChangeSets", "DeleteChangeSet"])
def test_a_shell_of_which_not_all_is_known_or_gone_stays(operation: str) -> None:
    fake = FakeRun()
    leave(fake)
    fake.cfn.trouble[operation] = [AwsError("no (AccessDenied)", code="AccessDenied")]
    assert not others(context(fake), stack(), fake.cfn.stack("db-dev")).alone
    assert names(fake) == [LEFT]


def test_beside_someone_elses_the_shell_stays() -> None:
    fake = FakeRun(answer=False)
    leave(fake)
    leave(fake, "theirs", "")
    fake.deploy(context=context(fake))
    assert names(fake) == ["theirs"]


@pytest.mark.parametrize(
    ("existing", "theirs", "ours"), [(False, False, True), (False, True, False), (True, False, False)]
)
def test_only_a_shell_with_nothing_else_on_it_counts_as_ours(existing: bool, theirs: bool, ours: bool) -> None:
    fake = FakeRun(answer=False)
    if existing:
        fake.cfn.put("db-dev", "UPDATE_COMPLETE")
    leave(fake, kind="UPDATE" if existing else "CREATE")
    if theirs:
        leave(fake, "theirs", "")
    fake.deploy(context=context(fake), Size="2")
    assert fake.plans[-1].made_stack == ours


def test_on_a_stack_that_is_there_the_orphan_goes_and_the_update_is_made() -> None:
    fake = FakeRun()
    fake.deploy(Size="1")
    leave(fake, kind="UPDATE")
    assert fake.deploy(context=context(fake), Size="1").outcome == "unchanged"
    assert names(fake) == []


def test_who_only_looks_takes_nothing_away() -> None:
    fake = FakeRun()
    leave(fake)
    fake.deploy(context=context(fake, Choices(dry_run=True)))
    assert names(fake) == [LEFT]
    assert "of a killed run of aurora-cfn" in fake.plans[-1].notes[0]


def test_where_nothing_may_be_listed_or_taken_away_it_goes_on_and_says_so() -> None:
    fake = FakeRun()
    fake.deploy(Size="1")
    leave(fake, kind="UPDATE")
    denied = AwsError("no (AccessDenied)", code="AccessDenied")
    fake.cfn.trouble["ListChangeSets"] = [denied]
    assert fake.deploy(context=context(fake), Size="2").outcome == "updated"
    leave(fake, kind="UPDATE")
    fake.cfn.trouble["DeleteChangeSet"] = [denied]
    assert fake.deploy(context=context(fake), Size="3").outcome == "updated"
    assert sum("no (AccessDenied)" in line for line in fake.listener.lines) == 2


def test_our_own_change_set_says_which_process_made_it() -> None:
    fake = FakeRun()
    fake.deploy(context=context(fake))
    description = fake.cfn.change_set(fake.cfn.stack("db-dev").change_set_arn).description  # type: ignore[union-attr]
    assert description == f"aurora-cfn deploy --env dev {ALIVE.suffix}"


@pytest.mark.parametrize(("age", "taken"), [(50.0, False), (300.0, False), (1200.0, True)])
def test_the_snapshot_of_a_killed_run_is_used_while_it_is_young(age: float, taken: bool) -> None:
    fake = FakeRun()
    fake.cfn = Upgrading(fake.clock)
    fake.deploy(Size="1")
    leave(fake, kind="UPDATE")
    snapshots = FakeSnapshots(fake.clock)
    old, new = (snapshot_name("db-dev-cluster", run) for run in (RUN, "run1"))
    snapshots.create_snapshot("db-dev-cluster", old, tags={})
    fake.clock.sleep(age)
    result = fake.deploy(context=changed(context(fake), snapshots=snapshots), Size="2")
    assert result.outcome == "updated", result.cause
    assert list(snapshots.kept) == ([old, new] if taken else [old])
    assert any(f"to restore {new if taken else old}" in line for line in fake.listener.lines)
    assert snapshots.snapshot(old).status == "available"  # type: ignore[union-attr]
    assert fake.clock.now() - snapshots.kept[old][0].created >= timedelta(seconds=100)  # type: ignore[operator]


def test_a_change_set_of_our_prefix_without_a_maker_is_kept() -> None:
    # Of an older version, or made by hand: nothing says whether its process has ended.
    fake = FakeRun()
    fake.cfn.create_change_set(ChangeSetRequest("db-dev", LEFT, "CREATE", TEMPLATE, description="aurora-cfn deploy"))
    all_dead = changed(fake.context(), owner_is_dead=lambda _: True)
    found = others(all_dead, stack(), fake.cfn.stack("db-dev"))
    assert (found.killed, names(fake)) == ((), [LEFT])
