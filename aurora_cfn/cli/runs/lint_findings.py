"""The findings of templates, from the user's cache folder or from cfn-lint and the rules about Aurora."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from aurora_cfn.cli.runs.lint_subjects import check_json
from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.lint.subject import Subject, engine_fingerprint, fingerprint
from aurora_cfn.model.finding import Finding
from aurora_cfn.project.user_cache import cache_folder, offered_file

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
        # The cache only saves time: a full or read-only disk must not fail a lint.
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


def findings_of(
    subjects: Sequence[Subject], *, today: date, cache: LintCache | None = None, offered: Path | None = None
) -> tuple[Finding, ...]:
    """Findings of all subjects in their order, those of a template in the order of its lines.

    Results that are in the cache need no import of cfn-lint, which is slow. `cache`, and `offered` (the
    file of `facts refresh`), are by default the user's own. Raises InputError if a text is not a template.
    """
    offered = offered_file() if offered is None else offered
    facts = offered if offered.is_file() else None
    kept = LintCache(cache_folder() / "lint") if cache is None else cache
    engine = engine_fingerprint(facts)
    # Each once: stacks with the same template and values have the same findings, and cfn-lint may take seconds.
    subjects = list({(row.path, fingerprint(row, "")): row for row in subjects}.values())
    found = [_cached(kept.read(fingerprint(row, engine)), row, today) for row in subjects]
    left = [row for row, known in zip(subjects, found, strict=True) if known is None]
    fresh = _linted(left, kept, engine, today, str(facts or ""))
    merged = [next(fresh) if known is None else known for known in found]
    # Stacks with the same template have findings in common.
    return tuple(dict.fromkeys(finding for result in merged for finding in result))


def readable_findings(
    subjects: Sequence[Subject], today: date, cache: LintCache | None
) -> tuple[Sequence[Subject], tuple[Finding, ...], list[Complaint]]:
    """The subjects that can be read, their findings, and complaints about the others.

    Raises InputError if none can be read.
    """
    complaints: list[Complaint] = []
    while True:
        try:
            check_json(subjects)
            return subjects, findings_of(subjects, today=today, cache=cache), complaints
        except InputError as error:
            complaints += error.complaints
            faulty = {row.path for row in error.complaints}
            rest = [row for row in subjects if row.path not in faulty]
            # Equal lengths: the complaint is about another file, such as one of rules, and would repeat without end.
            if not rest or len(rest) == len(subjects):
                raise InputError(complaints) from None
            subjects = rest


def _cached(text: str, subject: Subject, today: date) -> tuple[Finding, ...] | None:
    """The findings in what an earlier run has kept, None if there are none."""
    if not text:
        return None
    from aurora_cfn.lint.findings_cache import read_result

    return read_result(text, subject.path, today=today)


def _linted(
    subjects: Sequence[Subject], cache: LintCache, engine: str, today: date, offered: str
) -> Iterator[tuple[Finding, ...]]:
    """The findings of each subject, which are stored for the next run."""
    if not subjects:
        return
    from aurora_cfn.lint.engine import depends_on_files, holds_secret, turning_points
    from aurora_cfn.lint.findings_cache import write_result
    from aurora_cfn.lint.parallel import lint_in_parallel

    results = lint_in_parallel(subjects, today=today, offered=offered)
    for subject, findings in zip(subjects, results, strict=True):
        # Secrets are never stored. A result that depends on other files would not notice that they change.
        if not (holds_secret(subject) or depends_on_files(subject)):
            text = write_result(findings, today=today, turning_points=turning_points(subject, offered=offered))
            cache.write(fingerprint(subject, engine), text)
        yield findings
