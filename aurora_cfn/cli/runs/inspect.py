"""`inspect`: the checks of a database, printed once or again and again, and a session ended."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from functools import cached_property

from aurora_cfn.cli.runs.database import DatabaseAccess
from aurora_cfn.cli.terminal.messages import info, write_stdout
from aurora_cfn.cli.terminal.prompt import CLEAR, can_redraw, confirmed, need_terminal
from aurora_cfn.cli.terminal.rows import print_rows
from aurora_cfn.errors import EXIT_NEGATIVE
from aurora_cfn.model.inspection import GRADES, Inspected
from aurora_cfn.model.rows import Database
from aurora_cfn.operate.inspect.checks import CHECKS
from aurora_cfn.operate.inspect.read import Inspector, need_postgres
from aurora_cfn.ports import Clock
from aurora_cfn.report.inspection import inspected_json, verdict_lines

EVERY = 5.0
"""Seconds between two rounds of --watch."""


class InspectRun:
    """The checks of one database, in the format table, json or csv. Raises InputError for one that has no checks."""

    def __init__(self, access: DatabaseAccess, database: Database, form: str, clock: Clock) -> None:
        need_postgres(database)
        self._access, self._database, self._form, self._clock = access, database, form, clock

    @cached_property
    def _inspector(self) -> Inspector:
        return Inspector(self._access.api(self._database), self._database)

    def show(self, topic: str, fail_on: str | None = None) -> int:
        """Print the checks; EXIT_NEGATIVE if one found `fail_on` or worse."""
        results = self._results(topic)
        self._print(topic, results)
        worst = max((_rank(row.grade) for row in results), default=0)
        return EXIT_NEGATIVE if fail_on and worst >= _rank(fail_on) else 0

    def watch(self, topic: str) -> int:
        """Print the checks each EVERY seconds, until Ctrl-C."""
        redraws = sys.stdout.isatty() and can_redraw()
        info("each round uses the database, so that it does not pause; Ctrl-C ends it")
        while True:
            results = self._results(topic)
            if redraws:
                write_stdout(f"{CLEAR}{self._clock.now():%H:%M:%S} UTC  {self._database.stack}")
            self._print(topic, results)
            self._clock.sleep(EVERY)

    def kill(self, pid: int, *, yes: bool) -> int:
        """Show the session, ask, and end it; EXIT_NEGATIVE if there is none, or the answer is no."""
        found = self._inspector.session(pid)
        if found is None:
            info(f"there is no session with the process id {pid}")
            return EXIT_NEGATIVE
        print_rows(found, self._form)
        need_terminal("--yes ends the session without a question", unless=yes)
        if not yes and not confirmed(f"End session {pid} and roll back its transaction?"):
            return EXIT_NEGATIVE
        ended = self._inspector.terminate(pid, str(found.rows[0][-1]))
        info(f"session {pid} was ended" if ended else f"session {pid} had ended already")
        return 0

    def reset(self, *, yes: bool) -> int:
        """Ask, and let the counters of statements begin anew; EXIT_NEGATIVE if the answer is no."""
        if not yes and not confirmed(f"Forget the statements that {self._database.name} has counted so far?"):
            return EXIT_NEGATIVE
        self._inspector.reset_statements()
        info("the statements are counted anew from now on")
        return 0

    def _results(self, topic: str) -> Sequence[Inspected]:
        checks = list(CHECKS.values()) if topic == "all" else [CHECKS[topic]]
        return list(self._inspector.results(checks))

    def _print(self, topic: str, results: Sequence[Inspected]) -> None:
        columns = shutil.get_terminal_size().columns
        if self._form == "json":
            write_stdout(inspected_json(results), nl=False, utf8=True)
        elif topic == "all":
            write_stdout(verdict_lines(results, columns), nl=False)
        else:
            # The rows are the product; what they mean goes to standard error.
            (result,) = results
            if result.rows.rows:
                print_rows(result.rows, self._form, cut_last=True)
            info(verdict_lines(results, columns).rstrip())


def _rank(grade: str) -> int:
    return [str(known) for known in GRADES].index(grade)
