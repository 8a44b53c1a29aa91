"""Reading a stack after its deployment."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from aurora_cfn.errors import AwsError
from aurora_cfn.model.event import StackEvent
from tests.deploy.toys import FakeRun, RecordingListener


def deleted_since(fake: FakeRun) -> None:
    fake.cfn._kept.clear()


def refusing(code: str, times: int = 1) -> Callable[[FakeRun], None]:
    def refuse(fake: FakeRun) -> None:
        fake.cfn.trouble["DescribeStacks"] = [AwsError(f"DescribeStacks: no ({code})", code=code)] * times

    return refuse


UNREAD = "db-dev was deployed, but cannot be read any more: DescribeStacks: no"
ASKED_AGAIN = "db: warning: deployed, but cannot be read: DescribeStacks: no (Throttling) (asking again)"


@pytest.mark.parametrize(
    ("then", "outcome", "cause", "warnings"),
    [
        (refusing("Throttling", 4), "created", "", 4),
        (refusing("Throttling", 5), "unread", UNREAD, 4),
        (refusing("AccessDenied"), "unread", UNREAD, 0),
        (refusing("ExpiredToken"), "unread", UNREAD, 0),
        (deleted_since, "unread", "db-dev was deployed, and has been deleted since", 0),
    ],
)
def test_whatever_comes_of_it_says_that_it_was_deployed(
    then: Callable[[FakeRun], None], outcome: str, cause: str, warnings: int
) -> None:
    fake = FakeRun()

    class Then(RecordingListener):
        def event(self, key: str, event: StackEvent) -> None:
            if event.of_stack and event.status == "CREATE_COMPLETE":
                then(fake)

    fake.listener = Then()
    result = fake.deploy()
    assert (result.outcome, result.cause[: len(cause)], bool(result.cause)) == (outcome, cause, bool(cause))
    assert bool(result.exit_code) == bool(cause)
    assert [line for line in fake.listener.lines if "warning" in line] == [ASKED_AGAIN] * warnings
