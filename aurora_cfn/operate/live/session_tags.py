"""The names of a session's queues, role and schedules, and the tags that say whose it is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime

from aurora_cfn.model.live_session import PREFIX, LiveSession

_WHO, _UNTIL, _OWNER, _FUNCTION = "aurora-cfn:who", "aurora-cfn:until", "aurora-cfn:owner", "function:"
# One tag a function; ten tags remain for the session's own.
MOST_FUNCTIONS = 40
"""SQS keeps 50 tags (Amazon SQS Developer Guide, "Queue tags", read 2026-11)."""


def prefix(project: str, environment: str) -> str:
    """The beginning of the names of the environment's sessions; `project` is empty where it has no name."""
    return f"{PREFIX}-{_digest(f'{project}/{environment}')}-"


def role_name(project: str, environment: str) -> str:
    """The name of the role that the schedules of the environment's sessions assume."""
    return prefix(project, environment).rstrip("-")


def schedule_name(session: str, function: str) -> str:
    """The name of the schedule that ends the session for a function."""
    return f"{session}-{_digest(function)}"


def tags(session: LiveSession) -> dict[str, str]:
    """The session as tags of its queue."""
    text = f"{session.until.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    functions = {f"{_FUNCTION}{name}": digest for name, digest in session.functions.items()}
    return {_WHO: session.who, _UNTIL: text, _OWNER: session.owner, **functions}


def session_of(name: str, found: Mapping[str, str]) -> LiveSession:
    """The session of these tags; its end is the epoch where the tag is missing."""
    until = datetime.fromisoformat(found.get(_UNTIL, "1970-01-01T00:00:00Z"))
    functions = {key.removeprefix(_FUNCTION): value for key, value in found.items() if key.startswith(_FUNCTION)}
    return LiveSession(name, found.get(_WHO, "someone"), until, functions, found.get(_OWNER, ""))


def _digest(text: str) -> str:
    # Ten characters: names of roles and of schedules have 64 at most (IAM, EventBridge Scheduler; API references).
    return hashlib.sha256(text.encode()).hexdigest()[:10]
