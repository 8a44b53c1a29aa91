"""The stack's own status as the end of an operation: when it is asked, when it counts, and what it says."""

from __future__ import annotations

import pytest

from aurora_cfn.deploy.watch.operation import EVERY, FORGOTTEN, GRACE, REASON, StatusCheck
from tests.deploy.toys import FakeRun


@pytest.mark.parametrize(
    ("status", "after", "noted", "end"),
    [
        ("UPDATE_COMPLETE", 0.0, False, ""),
        ("UPDATE_COMPLETE", GRACE - 1, False, ""),
        ("UPDATE_COMPLETE", GRACE, False, "UPDATE_COMPLETE"),
        ("UPDATE_COMPLETE", 0.0, True, "UPDATE_COMPLETE"),
        ("UPDATE_IN_PROGRESS", 1000.0, True, ""),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", 1000.0, True, ""),
        ("UPDATE_ROLLBACK_FAILED", GRACE, False, "UPDATE_ROLLBACK_FAILED"),
    ],
)
def test_a_status_at_rest_counts_once_it_cannot_be_from_before(
    status: str, after: float, noted: bool, end: str
) -> None:
    fake = FakeRun()
    fake.clock.sleep(500)
    made = fake.cfn.put("db-dev", status, reason="why")
    check = StatusCheck(fake.cfn, fake.clock, made.arn)
    if noted:
        check.note_event()
    fake.clock.sleep(after)
    found = check.end()
    assert (found.status if found else "", check.calls) == (end, 1)
    if found:
        assert (found.stack_name, found.stack_arn, found.reason) == ("db-dev", made.arn, "why")


def test_one_that_was_seen_at_work_has_moved() -> None:
    fake = FakeRun()
    check = StatusCheck(fake.cfn, fake.clock, fake.cfn.put("db-dev", "UPDATE_IN_PROGRESS").arn)
    assert check.end() is None
    assert check.moved


@pytest.mark.parametrize(("known", "reason"), [(True, REASON), (False, FORGOTTEN)])
def test_without_a_reason_it_says_how_the_end_is_known(known: bool, reason: str) -> None:
    fake = FakeRun()
    arn = fake.cfn.put("db-dev", "CREATE_COMPLETE").arn if known else "arn:aws:cloudformation:r:1:stack/db-dev/9"
    check = StatusCheck(fake.cfn, fake.clock, arn, moved=True)
    found = check.end()
    assert found is not None
    status = "CREATE_COMPLETE" if known else "DELETE_COMPLETE"
    assert (found.status, found.stack_name, found.reason) == (status, "db-dev", reason)


def test_it_is_due_after_so_much_silence_and_asking_or_hearing_begins_it_anew() -> None:
    fake = FakeRun()
    fake.clock.sleep(500)
    check = StatusCheck(fake.cfn, fake.clock, fake.cfn.put("db-dev", "UPDATE_IN_PROGRESS").arn)
    for anew in (check.note_event, check.end):
        fake.clock.sleep(EVERY - 1)
        assert not check.due
        fake.clock.sleep(1)
        assert check.due
        anew()
        assert not check.due
