"""DescribeDBLogFiles and DownloadDBLogFilePortion over the logs that the servers write.

A server here writes one file of each log and never begins another one. Members of a cluster share its server, and so
its files. Names: Aurora user guide, "Monitoring Amazon Aurora log files"; portions: Amazon RDS API reference,
DownloadDBLogFilePortion; both read 2026-11.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from ministack.services import rds

from aurora_cfn.local.mysql.options import LOGS
from aurora_cfn.local.query import Answer
from aurora_cfn.local.rds.backing import CLUSTER, INSTANCE, Backing, add_actions, answered, given
from aurora_cfn.local.rds.limits import RefusedError

NAMES: Mapping[str, Mapping[str, str]] = {
    "postgres": {"error/postgresql.log": "log"},
    "mysql": {
        "error/mysql-error-running.log": "log",
        "slowquery/mysql-slowquery.log": LOGS["slowquery"],
        "general/mysql-general.log": LOGS["general"],
    },
}
"""Names in RDS to files in the folder of a server, by engine."""
MOST_LINES, MOST_BYTES = 10_000, 1 << 20
"""Of one portion."""
NOT_IN_XML = dict.fromkeys((*range(0x20), 0x7F)) | {9: "\t", 10: "\n", 13: "\r"}
"""Control characters, which statements in a log may have and XML 1.0 forbids."""


@dataclass(frozen=True, slots=True)
class Portion:
    """A piece of a log file, the position after it, and whether the file continues there."""

    text: str
    end: int
    pending: bool


def install(backing: Backing) -> None:
    """Add the actions, which ministack 1.5.33 lacks."""
    add_actions(backing, {"DescribeDBLogFiles": _describe, "DownloadDBLogFilePortion": _download})


def _describe(backing: Backing, parameters: dict[str, Any]) -> Answer:
    containing, since = given(parameters, "FilenameContains"), int(given(parameters, "FileLastWritten") or 0)
    above = int(given(parameters, "FileSize") or -1)
    rows = []
    for name, path in _files(backing, parameters):
        found = path.stat()
        written = int(found.st_mtime * 1000)
        if containing in name and written >= since and found.st_size > above:
            rows.append(
                f"<DescribeDBLogFilesDetails><LogFileName>{name}</LogFileName><LastWritten>{written}</LastWritten>"
                f"<Size>{found.st_size}</Size></DescribeDBLogFilesDetails>"
            )
    return answered("DescribeDBLogFiles", f"<DescribeDBLogFiles>{''.join(rows)}</DescribeDBLogFiles>")


def _download(backing: Backing, parameters: dict[str, Any]) -> Answer:
    wanted, lines = given(parameters, "LogFileName"), given(parameters, "NumberOfLines")
    path = dict(_files(backing, parameters)).get(wanted)
    if path is None:
        raise RefusedError(
            "DBLogFileNotFoundFault", f"DBLog File: {escape(wanted)}, is not found on the DB instance", 404
        )
    marker = given(parameters, "Marker")
    if marker and not marker.isdigit():
        raise RefusedError("InvalidParameterValue", f"Invalid marker: {escape(marker)}")
    found = portion(path, int(marker) if marker else None, min(int(lines or MOST_LINES), MOST_LINES))
    return answered(
        "DownloadDBLogFilePortion",
        f"<LogFileData>{escape(found.text.translate(NOT_IN_XML))}</LogFileData><Marker>{found.end}</Marker>"
        f"<AdditionalDataPending>{str(found.pending).lower()}</AdditionalDataPending>",
    )


def portion(path: Path, start: int | None, lines: int) -> Portion:
    """At most that many lines and 1 MiB from a position on; from None as many at the end of the file."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - MOST_BYTES) if start is None else start)
        begin, block = file.tell(), file.read(MOST_BYTES)
    if start is None:
        rows = block.splitlines(keepends=True)[begin > 0 :]  # from a position in the middle the first is no whole line
        return Portion(_text(b"".join(rows[-lines:])), size, pending=False)
    if begin + len(block) < size and b"\n" in block:
        block = block[: block.rindex(b"\n") + 1]
    block = b"".join(block.splitlines(keepends=True)[:lines])
    return Portion(_text(block), begin + len(block), pending=begin + len(block) < size)


def _text(block: bytes) -> str:
    return block.decode("utf-8", "replace")


def _files(backing: Backing, parameters: dict[str, Any]) -> Iterator[tuple[str, Path]]:
    """Names and paths for the instance of a request; a paused one begins to resume, and is refused until it has."""
    name = given(parameters, "DBInstanceIdentifier").rpartition(":")[2]
    record = rds._instances.get(name)
    if record is None:
        raise RefusedError("DBInstanceNotFound", f"DBInstance {name} not found.", 404)
    cluster = record.get("DBClusterIdentifier")
    behind = (CLUSTER, cluster) if cluster else (INSTANCE, name)
    if not backing.has(*behind):
        return  # a record only: no server writes a log
    database = backing.databases.get(backing.key(*behind))
    if database.is_paused:
        database.begin_resuming()
        raise RefusedError("DBInstanceNotReady", f"The DB instance {name} is not ready: it resumes from its pause.")
    for label, file in NAMES[database.entry.engine].items():
        path = database.server.folder / file
        if path.exists():
            yield label, path
