"""The port to the log files of instances. Unlike CloudWatch Logs, each call resumes a paused instance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from aurora_cfn.model.log_event import LogFile


class LogFiles(Protocol):
    """Log files on the instances themselves, read only."""

    def log_files(self, instance: str, *, containing: str, since: datetime) -> Sequence[LogFile]:
        """The files whose names contain that and that were written since then, the oldest first."""

    def log_file_text(self, instance: str, name: str) -> Iterator[str]:
        """The text of a file in portions, which can end within a line."""
