"""What every side of the ports to CloudWatch, and of the port Attachments, answers.

There are the log group /toy/log with the stream w and its events one, two and three, a second apart from `start`;
and 2 connections to the instance toy in the minute of `start`, 4 in the next one but one.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from aurora_cfn.model.database_metrics import Metric, Point
from aurora_cfn.model.log_event import LogFile
from aurora_cfn.ports.observations import LogEvents, LogFiles, Metrics
from aurora_cfn.ports.surroundings import Attachments


def keep_log_events(logs: LogEvents, start: datetime) -> None:
    """Events from a moment on, oldest first, each with an id of its own; None of a group that is not there."""
    assert logs.log_page("/toy/nothing", since=start) is None
    page = logs.log_page("/toy/log", since=start)
    assert page is not None
    assert [(event.message, event.stream) for event in page.events] == [("one", "w"), ("two", "w"), ("three", "w")]
    assert [event.at for event in page.events] == [start + timedelta(seconds=second) for second in range(3)]
    assert len({event.id for event in page.events}) == 3
    later = logs.log_page("/toy/log", since=start + timedelta(seconds=1))
    assert later is not None
    assert [event.message for event in later.events] == ["two", "three"]


def keep_log_files(files: LogFiles, start: datetime) -> None:
    """The instance w has error/postgresql.log.2 with two portions, written at `start`, and one that is a day older."""
    (found,) = files.log_files("w", containing="postgresql.log", since=start - timedelta(hours=1))
    assert found == LogFile("error/postgresql.log.2", start)
    assert list(files.log_file_text("w", found.name)) == ["one\ntw", "o\n"]


def keep_metrics(metrics: Metrics, start: datetime) -> None:
    """Points a period, none where there is no data; nothing of a metric or a database that is not there."""
    wanted = [
        Metric("DatabaseConnections", "db-instance", "toy", "Maximum"),
        Metric("DatabaseConnections", "db-instance", "other", "Maximum"),
        Metric("Nothing", "db-cluster", "toy"),
    ]
    found = metrics.metric_points(wanted, since=start, until=start + timedelta(minutes=5), period=60)
    assert [list(row) for row in found] == [[Point(start, 2.0), Point(start + timedelta(minutes=2), 4.0)], [], []]


def keep_attachments(attached: Attachments, cluster: str, arn: str, start: datetime) -> None:
    """The cluster has the proxy door and the parameter group own with one parameter that a user set, and no more."""
    assert list(attached.proxies(cluster)) == ["door"]
    assert list(attached.proxies("other")) == []
    assert attached.global_cluster(arn) is None
    assert dict(attached.changed_parameters("own")) == {"rds.logical_replication": "1"}
    assert list(attached.pending_maintenance(arn)) == []
    assert list(attached.blue_green(arn)) == []
    events = attached.pause_events("w", since=start)
    assert [event.at for event in events] == sorted(event.at for event in events)
