"""The log files of instances as events, as CloudWatch Logs would have them. Reading them resumes a paused instance."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from aurora_cfn.errors import NOT_READY, AwsError
from aurora_cfn.model.log_event import LogEvent, LogFile
from aurora_cfn.ports import Clock
from aurora_cfn.ports.observations import LogFiles

NAMES: Mapping[str, str] = {
    "postgresql": "postgresql.log",
    "upgrade": "pg_upgrade",
    "error": "mysql-error",
    "slowquery": "mysql-slowquery",
    "general": "mysql-general",
}
"""What the names of a log's files contain (Aurora user guide, "Monitoring Amazon Aurora log files", read 2026-11)."""
TRIES, WAIT = 12, 5.0
"""A paused instance is not ready at first: it needs 15 to 30 s, and longer after a day."""
_BEGINS = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d")


@dataclass(frozen=True, slots=True)
class LogFileReader:
    """Reads one log of instances from their files."""

    files: LogFiles
    instances: Sequence[str]
    kind: str
    clock: Clock

    def history(self, since: datetime) -> Iterator[LogEvent]:
        """The events from that moment on, of one instance after the other."""
        for instance in self.instances:
            for file in self._written(instance, since):
                # With csvlog there is a second file of each.
                if not file.name.endswith(".csv"):
                    text = self.files.log_file_text(instance, file.name)
                    yield from (event for event in _events(instance, file, text) if event.at >= since)

    def _written(self, instance: str, since: datetime) -> Sequence[LogFile]:
        for _ in range(TRIES - 1):
            try:
                return self._listed(instance, since)
            except AwsError as error:
                if error.code not in NOT_READY:
                    raise
            self.clock.sleep(WAIT)
        return self._listed(instance, since)

    def _listed(self, instance: str, since: datetime) -> Sequence[LogFile]:
        return self.files.log_files(instance, containing=NAMES.get(self.kind, self.kind), since=since)


def _events(instance: str, file: LogFile, portions: Iterable[str]) -> Iterator[LogEvent]:
    """An event for each line with a time, with the lines after it that have none."""
    at, held, number = file.written, "", 0
    for line in _lines(portions):
        found = _BEGINS.match(line)
        if held and found:
            number += 1
            yield LogEvent(f"{instance}/{file.name}/{number}", at, instance, held)
            held = ""
        if found:
            at = datetime.fromisoformat(found[0]).replace(tzinfo=UTC)
        held = f"{held}\n{line}" if held else line
    if held:
        yield LogEvent(f"{instance}/{file.name}/{number + 1}", at, instance, held)


def _lines(portions: Iterable[str]) -> Iterator[str]:
    rest = ""
    for portion in portions:
        *whole, rest = (rest + portion).split("\n")
        yield from whole
    if rest:
        yield rest
