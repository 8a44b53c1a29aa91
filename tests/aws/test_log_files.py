"""Log files of instances as RDS answers for the port."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from aurora_cfn.aws.log_files import AwsLogFiles
from aurora_cfn.model.log_event import LogFile
from tests.aws.observations_contract import keep_log_files
from tests.aws.stubs import session, stubbed
from tests.fakes.observations import FakeLogFiles

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def test_the_fake_keeps_to_the_contract() -> None:
    old = LogFile("error/postgresql.log.1", NOON - timedelta(days=1))
    keep_log_files(FakeLogFiles({"w": {LogFile("error/postgresql.log.2", NOON): ["one\ntw", "o\n"], old: []}}), NOON)


def test_files_are_read_from_their_beginning_to_their_end() -> None:
    place, name = session(), "error/postgresql.log.2"
    millis = int(NOON.timestamp() * 1000)
    asked = {"DBInstanceIdentifier": "w", "LogFileName": name}
    with stubbed(place, "rds") as stub:
        stub.add_response(
            "describe_db_log_files",
            {"DescribeDBLogFiles": [{"LogFileName": name, "LastWritten": millis, "Size": 9}]},
            {"DBInstanceIdentifier": "w", "FilenameContains": "postgresql.log", "FileLastWritten": millis - 3_600_000},
        )
        first = {"LogFileData": "one\ntw", "Marker": "5:70", "AdditionalDataPending": True}
        stub.add_response("download_db_log_file_portion", first, {**asked, "Marker": "0"})
        last = {"LogFileData": "o\n", "Marker": "5:72", "AdditionalDataPending": False}
        stub.add_response("download_db_log_file_portion", last, {**asked, "Marker": "5:70"})
        keep_log_files(AwsLogFiles(place), NOON)


def test_files_come_oldest_first_in_whatever_order_rds_lists_them() -> None:
    place, millis = session(), int(NOON.timestamp() * 1000)
    listed = [("log.2", 2), ("log.3", 3), ("log.1", 1)]
    rows = [{"LogFileName": name, "LastWritten": millis + after, "Size": 9} for name, after in listed]
    with stubbed(place, "rds") as stub:
        stub.add_response("describe_db_log_files", {"DescribeDBLogFiles": rows})
        found = AwsLogFiles(place).log_files("w", containing="log", since=NOON)
    assert [file.name for file in found] == ["log.1", "log.2", "log.3"]


def test_a_marker_that_stays_is_no_endless_loop() -> None:
    place = session()
    answer = {"LogFileData": "x", "Marker": "0", "AdditionalDataPending": True}
    with stubbed(place, "rds") as stub:
        stub.add_response("download_db_log_file_portion", answer)
        assert list(AwsLogFiles(place).log_file_text("w", "f")) == ["x"]
