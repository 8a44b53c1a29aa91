"""A query of CloudWatch Logs Insights to its end, over a fake."""

from __future__ import annotations

import re

import pytest

from aurora_cfn.errors import AwsError, InputError
from aurora_cfn.model.log_event import LogQuery
from aurora_cfn.operate.log_query import answered, emulated, query_rows
from tests.fakes.clock import START, FakeClock
from tests.fakes.observations import FakeLogQueries

RUNNING, DONE = LogQuery("Running"), LogQuery("Complete", ({"a": "1"}, {"a": "2", "b": "3"}), 5)


def run(queries: FakeLogQueries) -> LogQuery:
    return answered(queries, FakeClock(), "/g", "q", since=START, until=START)


def test_a_query_is_looked_at_until_it_is_complete() -> None:
    queries = FakeLogQueries([LogQuery("Scheduled"), RUNNING, DONE])
    assert run(queries) == DONE
    assert queries.calls == ["start /g: q"]
    rows = query_rows(DONE)
    assert [column.name for column in rows.columns] == ["a", "b"]
    assert rows.rows == (("1", None), ("2", "3"))
    assert query_rows(RUNNING).rows == ()


@pytest.mark.parametrize(
    ("end", "stopped"),
    [(LogQuery("Timeout"), False), (AwsError("gone"), True), (KeyboardInterrupt(), True)],
)
def test_a_query_that_does_not_end_well_is_stopped_while_it_runs(end: LogQuery | BaseException, stopped: bool) -> None:
    queries = FakeLogQueries([RUNNING, end])
    with pytest.raises((AwsError, KeyboardInterrupt)):
        run(queries)
    assert (queries.calls[-1] == "stop q1") == stopped


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("fields @timestamp, @message", "fields @timestamp, @message | sort @timestamp desc"),
        ("filter @message like /a|b/i | limit 3", "filter @message like /a|b/i | limit 3 | sort @timestamp desc"),
        ("FIELDS @message | Sort @timestamp asc", "FIELDS @message | Sort @timestamp asc"),
    ],
)
def test_a_query_for_the_emulator_has_the_order_of_aws(text: str, sent: str) -> None:
    assert emulated(text) == sent


@pytest.mark.parametrize(
    "stage",
    [
        "stats count() by bin(1d)",
        "parse @message /x/",
        "filter @message like 'x'",
        "sort @message",
        "fields now()",
        "dedup x",
    ],
)
def test_what_the_emulator_would_leave_out_is_refused(stage: str) -> None:
    with pytest.raises(InputError, match=re.escape(f"does not run `{stage}`")):
        emulated(f"fields @message | {stage} | limit 3")
