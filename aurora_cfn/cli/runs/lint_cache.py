"""Results of earlier lints in the user's cache folder; errors of the cache never fail a lint."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

KEPT = 256
"""Results kept at most; the oldest are deleted first."""


@dataclass(frozen=True, slots=True)
class LintCache:
    """Files named by fingerprint; no `folder` means that nothing is kept."""

    folder: Path | None

    def read(self, fingerprint: str) -> str:
        """The text kept under the fingerprint, empty when there is none or it cannot be read."""
        if self.folder is None:
            return ""
        try:
            return self._file(fingerprint).read_text(encoding="utf-8")
        except (OSError, ValueError):
            return ""

    def write(self, fingerprint: str, text: str) -> None:
        """Keep the text, readable by this user only; another process never sees half of it."""
        if self.folder is None:
            return
        with contextlib.suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = self._file(fingerprint)
            draft = file.with_name(f"{file.name}.{os.getpid()}")
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            try:
                with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                    stream.write(text)
                draft.replace(file)
            finally:
                draft.unlink(missing_ok=True)
            self._prune()

    def _file(self, fingerprint: str) -> Path:
        assert self.folder is not None
        return self.folder / f"{fingerprint}.json"

    def _prune(self) -> None:
        assert self.folder is not None
        # `.json*` also matches the drafts of killed processes.
        files = sorted(self.folder.glob("*.json*"), key=lambda file: file.stat().st_mtime, reverse=True)
        for file in files[KEPT:]:
            file.unlink(missing_ok=True)
