"""Runs a query of CloudWatch Logs Insights to its end."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime

from aurora_cfn.errors import AwsError, InputError
from aurora_cfn.model.log_event import LogQuery
from aurora_cfn.model.rows import Rows
from aurora_cfn.ports import Clock
from aurora_cfn.ports.observations import LogQueries

EVERY = 1.0
"""Seconds between two looks at the query."""
# Commands are separated by |, which may also stand in a regular expression or in quotes.
_STAGE = re.compile(r"""(?:/(?:\\.|[^/])*/|'[^']*'|"[^"]*"|[^|])+""")
_EMULATED = re.compile(
    r"fields\s+@\w+(\s*,\s*@\w+)*|filter\s+@\w+\s+like\s+/(\\.|[^/])*/i?|filter\s+@\w+\s*=\s*'[^']*'"
    r"|(?P<sort>sort\s+@timestamp(\s+(asc|desc))?)|limit\s+\d+",
    re.IGNORECASE,
)
"""Commands that the emulator runs as CloudWatch Logs does; others it leaves out without a word."""
RUNNING = frozenset({"Scheduled", "Running", "Unknown"})


def answered(
    queries: LogQueries, clock: Clock, group: str, text: str, *, since: datetime, until: datetime
) -> LogQuery:  # fmt: skip
    """The query when it is complete. Raises AwsError if it fails; an interrupted one is stopped, as it costs."""
    identifier = queries.start_log_query(group, text, since=since, until=until)
    running = True
    try:
        while True:
            clock.sleep(EVERY)
            found = queries.log_query(identifier)
            running = found.status in RUNNING
            if found.status == "Complete":
                return found
            if not running:
                raise AwsError(f"the query of {group} ended with the status {found.status}", operation="StartQuery")
    finally:
        if running:
            # A query that has just ended cannot be stopped.
            with suppress(AwsError):
                queries.stop_log_query(identifier)


def emulated(text: str) -> str:
    """The query for the emulator, with the order that CloudWatch Logs has without `sort`, the newest first.

    Raises InputError for a command that it does not run.
    """
    found = [(stage.strip(), _EMULATED.fullmatch(stage.strip())) for stage in _STAGE.findall(text)]
    for stage, match in found:
        if match is None:
            runs = "fields, filter (like, =), sort @timestamp and limit"
            raise InputError(
                f"the emulator does not run `{stage}` of a query, only {runs}; or use --grep, --level, --slow"
            )
    return text if any(match and match["sort"] for _, match in found) else f"{text} | sort @timestamp desc"


def query_rows(found: LogQuery) -> Rows:
    """The rows with a column for each field, in the order in which they first occur."""
    names = list(dict.fromkeys(name for row in found.rows for name in row))
    return Rows.of(names, (tuple(map(row.get, names)) for row in found.rows))
