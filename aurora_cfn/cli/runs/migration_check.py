"""What the old and the new database of a migration answer to the same statements, and whether it is the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aurora_cfn.cli.runs.database import DatabaseAccess
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.cli.terminal.rows import print_rows
from aurora_cfn.errors import EXIT_NEGATIVE, NO_DATA_API, AwsError, Complaint, InputError
from aurora_cfn.model.rows import Database
from aurora_cfn.operate.migration import COUNT_TABLES
from aurora_cfn.operate.restore import REFUSED, answers, compared


@dataclass(frozen=True, slots=True)
class Comparison:
    """The statements of `--check`, else the number of tables; `old` is None where the source is a snapshot."""

    target: Target
    old: Database | None
    source: str
    checks: Sequence[str]

    def ask_old(self) -> list[str] | None:
        """What the old database answers, before anything is changed; None where it cannot be asked, which is said.

        Raises AwsError, InputError where the statements of `--check` cannot be asked, or are refused.
        """
        if self.old is None or not self.old.secret_arn:
            why = "it is a snapshot" if self.old is None else "no secret of its stack is known: --secret names it"
            info(f"{self.source} is not compared: {why}")
            return None
        info(f"{self.source} is asked what is compared afterwards; it is resumed for that if it is paused")
        try:
            access = DatabaseAccess(self.target)
            found = _answers(access, self.old, self._statements)
        except (AwsError, InputError) as error:
            if self.checks:
                raise
            info(f"{self.source} is not compared: {error}")
            return None
        wrong = [
            Complaint(f"--check {one}: {answer}")
            for one, answer in zip(self.checks, found, strict=False)
            if answer.startswith(REFUSED)
        ]
        if wrong:
            raise InputError(wrong)
        return found

    def ask_new(self, key: str, before: list[str] | None, form: str) -> int:
        """EXIT_NEGATIVE where the new database, of the stack `key`, answers otherwise, or refuses a statement.

        Raises AwsError where it cannot be asked.
        """
        access = DatabaseAccess(self.target)
        new = access.one_in_rds(key)
        after = _answers(access, new, self._statements)
        names = list(self.checks) or ["number of tables"]
        pairs = list(zip(before or [""] * len(after), after, strict=True))
        print_rows(compared(self.old, new, names, pairs), form)
        wrong = [
            f"{name}: {other} in the new database" + (f", {one} in the old one" if before else "")
            for name, (one, other) in zip(names, pairs, strict=True)
            if other.startswith(REFUSED) or (before and one != other)
        ]
        for line in wrong:
            info(line, "warning")
        return EXIT_NEGATIVE if wrong else 0

    @property
    def _statements(self) -> list[str]:
        return list(self.checks) or [COUNT_TABLES]


def _answers(access: DatabaseAccess, database: Database, statements: Sequence[str]) -> list[str]:
    try:
        return answers(access.api(database), database, statements)
    except AwsError as error:
        # Other tools rarely switch the Data API on, and AWS had none for provisioned clusters for long.
        if error.code != NO_DATA_API:
            raise
        info(f"{database.stack} has no Data API: connecting to {database.host}:{database.port}")
        return answers(access.wire(database), database, statements)
