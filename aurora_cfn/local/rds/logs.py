"""The logs of database servers in CloudWatch Logs, for clusters and instances that export them.

RDS writes them to /aws/rds/cluster/ID/postgresql or /aws/rds/instance/ID/postgresql, one stream an instance
(Aurora User Guide, "Publishing Aurora PostgreSQL logs to Amazon CloudWatch Logs", read 2026-11).
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ministack.core.responses import request_scope
from ministack.services import cloudwatch_logs

from aurora_cfn.local.mysql.options import LOGS
from aurora_cfn.local.rds.backing import CLUSTER, INSTANCE, Backing
from aurora_cfn.local.record import read_json, replace_text

EVERY_SECONDS = 2.0
"""Seconds between two reads of the logs."""
FILES = {"postgresql": "log", "error": "log", **LOGS}
"""Log types of RDS to files in the folder of a server; MySQL's audit log is not emulated."""
# Bytes that are sent at a time: PutLogEvents takes 1,048,576 with 26 for each event (CloudWatch Logs quotas).
LARGEST_PART = 500_000
logger = logging.getLogger("aurora_cfn.logs")


@dataclass(slots=True)
class DatabaseLogs:
    """Sends what servers have written since the last time; how far each log was sent survives a restart, in `path`."""

    backing: Backing
    path: Path
    _read: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        try:
            self._read = {str(name): int(place) for name, place in (read_json(self.path) or {}).items()}
        except (ValueError, AttributeError):  # a damaged file: the logs are sent from their beginning
            self._read = {}

    def start(self) -> None:
        """Send in a thread that ends with the process."""
        repeat(EVERY_SECONDS, self.send, "sending the logs of databases")

    def send(self) -> None:
        """Send what is new of every running database."""
        before = dict(self._read)
        for key in self.backing.databases.known():
            record = self.backing.record(key)
            for kind in (record or {}).get("EnabledCloudwatchLogsExports") or ():
                if record and kind in FILES:
                    self._send(key, record, kind)
        if self._read != before:
            replace_text(self.path, json.dumps(self._read))

    def _send(self, key: str, record: dict[str, Any], log: str) -> None:
        account, region, kind, name = key.split("/", 3)
        path = self.backing.databases.get(key).server.folder / FILES[log]
        lines, self._read[str(path)] = new_lines(path, self._read.get(str(path), 0))
        if not lines:
            return
        place = {CLUSTER: "cluster", INSTANCE: "instance"}[kind]
        members = record.get("DBClusterMembers") or [{"DBInstanceIdentifier": name}]
        stream = {
            "logGroupName": f"/aws/rds/{place}/{name}/{log}",
            "logStreamName": f"{members[0]['DBInstanceIdentifier']}.0",
        }
        now = int(time.time() * 1000)
        events = [{"timestamp": now, "message": line} for line in lines]
        _put(account, region, stream, events)


def repeat(seconds: float, work: Callable[[], None], what: str) -> None:
    """Do the work again and again in a thread that ends with the process; what fails is logged and tried again."""

    def run() -> None:
        while True:
            time.sleep(seconds)
            try:
                work()
            except Exception:
                logger.exception("%s failed; trying again", what)

    threading.Thread(target=run, name=what, daemon=True).start()


def new_lines(path: Path, start: int) -> tuple[list[str], int]:
    """The whole lines after a position, and the position after them; from 0 where the file has become shorter."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            file.seek(start if start <= size else 0)
            begin, text = file.tell(), file.read(LARGEST_PART)
    except OSError:
        return [], start
    whole = text[: text.rfind(b"\n") + 1]
    lines = whole.decode("utf-8", "replace").splitlines()
    return [line for line in lines if line.strip()], begin + len(whole)


def _put(account: str, region: str, stream: dict[str, str], events: list[dict[str, Any]]) -> None:
    with request_scope(account, region):
        group = stream["logGroupName"]
        for make, wanted in (
            (cloudwatch_logs._create_log_group, {"logGroupName": group}),
            (cloudwatch_logs._create_log_stream, stream),
        ):
            make(wanted)  # refused where it is there already
        cloudwatch_logs._put_log_events({**stream, "logEvents": events})
