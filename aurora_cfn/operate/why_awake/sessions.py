"""The sessions of clients, which keep a database awake as long as they are open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aurora_cfn.model.awake import Reason
from aurora_cfn.model.rows import Engine, Rows
from aurora_cfn.report.text import amount, duration

SESSIONS: Mapping[Engine, str] = {
    "postgresql": """
select usename as role, application_name as program, count(*) as sessions,
       max(extract(epoch from now() - state_change))::bigint as seconds,
       count(*) filter (where state <> 'idle') as busy
from pg_stat_activity
where backend_type = 'client backend' and pid <> pg_backend_pid() and usename <> 'rdsadmin'
group by usename, application_name order by count(*) desc, usename, application_name limit 20""",
    "mysql": """
select user as role, '' as program, count(*) as sessions, max(time) as seconds, sum(command <> 'Sleep') as busy
from information_schema.processlist
where id <> connection_id() and user not in ('rdsadmin', 'event_scheduler', 'system user')
group by user order by count(*) desc, user limit 20""",
}
"""Sessions of clients but for the one that asks, by role and program; `seconds` since their state changed."""
_TIMEOUT: Mapping[Engine, str] = {
    "postgresql": "close them, or idle_session_timeout = 30min (PostgreSQL 14 and later)",
    "mysql": "close them, or a shorter wait_timeout",
}


def session_reasons(rows: Rows, engine: Engine) -> Iterator[Reason]:
    """A reason for each role and program, or a note that there is no session."""
    if not rows.rows:
        yield Reason("note", "no session is open besides the one that asked")
    for role, program, count, seconds, busy in rows.rows:
        number, working = int(str(count)), int(float(str(busy or 0)))
        who = f"{role!s} ({program!s})" if program else str(role)
        what = f"{working} at work" if working else f"idle for {duration(float(str(seconds or 0)))}"
        yield Reason("delays", f"{amount(number, 'session')} of {who}, {what}", "" if working else _TIMEOUT[engine])
