"""The port LogFiles on botocore."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.pages import every_row
from aurora_cfn.aws.session import Session
from aurora_cfn.model.log_event import LogFile


@dataclass(frozen=True, slots=True)
class AwsLogFiles:
    """The port LogFiles."""

    session: Session

    def log_files(self, instance: str, *, containing: str, since: datetime) -> Sequence[LogFile]:
        found = every_row(
            self.session.rds, "describe_db_log_files", "DescribeDBLogFiles", _file,
            DBInstanceIdentifier=instance, FilenameContains=containing, FileLastWritten=int(since.timestamp() * 1000),
        )  # fmt: skip
        return sorted(found, key=lambda file: file.written)

    def log_file_text(self, instance: str, name: str) -> Iterator[str]:
        """The text of a file in portions of at most 1 MB, which can end within a line."""
        # Without the marker 0 RDS begins at the end of the file, and gives 10,000 lines at most.
        marker, pending = "0", True
        while pending:
            with translated("DownloadDBLogFilePortion"):
                answer = self.session.rds.download_db_log_file_portion(
                    DBInstanceIdentifier=instance, LogFileName=name, Marker=marker
                )
            yield answer.get("LogFileData", "")
            # A file that is being written can stay pending with the marker that was asked for: no endless loop.
            following = answer.get("Marker", "")
            pending = bool(answer.get("AdditionalDataPending")) and following not in {"", marker}
            marker = following


def _file(row: Mapping[str, Any]) -> LogFile:
    return LogFile(row["LogFileName"], datetime.fromtimestamp(row["LastWritten"] / 1000, UTC))
