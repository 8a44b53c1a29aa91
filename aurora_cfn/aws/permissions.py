"""The AWS calls of each command, as IAM actions, from facts/iam_actions.json. A test compares them with the code."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from aurora_cfn.facts import read_facts

_FACTS = read_facts("iam_actions")


def _spelled(words: Iterable[str]) -> Iterator[str]:
    """The actions; a word without a colon is the name of a set of them."""
    for word in words:
        yield from [word] if ":" in word else _spelled(_FACTS["sets"][word]["actions"])


def _set(name: str) -> tuple[str, ...]:
    return tuple(_spelled([name]))


CALLS: Mapping[str, tuple[str, ...]] = {name: tuple(_spelled(words)) for name, words in _FACTS["commands"].items()}
"""The operations that each command can call, as `service:Operation`; other commands call none."""

IMPLIED: Mapping[str, Collection[str]] = _FACTS["implied"]
"""Actions that a call needs besides the one of its name.

CloudFormation reads a template from a bucket with the caller's own s3:GetObject, not with that of its role.
"""
FREE = frozenset(_set("free"))
MAKING = frozenset(_set("making a bucket"))
ROLE_TAKERS = frozenset(_set("role takers"))
OF_CLIENT = _set("client")
LOGIN_OF_CLIENT = _set("login of a client")
END_SESSION = _set("end of a session")

ON_BEHALF = {name: tuple(handlers) for name, handlers in _FACTS["on behalf"].items()}
"""Handlers of resource types that CloudFormation runs with the caller's permissions if it has no role.

`drift --revert` creates resources that were deleted by hand. `refactor` writes the tags again that name a resource's
stack and logical id, with the update handlers.
"""
COPIES: Mapping[str, str] = _FACTS["copies"]
"""Commands that make and change copies of databases, with the pattern for the suffixes of their names."""
READS_MASTER_SECRET = frozenset(_FACTS["reading the master's secret"])
"""Commands that log in to a database, or run SQL with the Data API, as the master user."""
DSQL_LOGIN = frozenset({"dsql:DbConnectAdmin"})
"""What a token for `admin` needs, which is signed without a call; a command that only finds the cluster needs none."""
MAKES_ROLE_SECRETS = frozenset(_FACTS["making secrets of roles"])
"""Commands that keep passwords of database roles in secrets."""


def passes_role(command: str) -> bool:
    """Whether the command passes the environment's `role_arn` to CloudFormation."""
    return bool(ROLE_TAKERS & set(CALLS.get(command, ())))


def reads_actuals(command: str) -> bool:
    """Whether the command calls Cloud Control, which runs read handlers with the caller's permissions."""
    return "cloudcontrol:GetResource" in CALLS.get(command, ())


def needed(command: str) -> tuple[str, ...]:
    """The IAM actions of a command's own calls, sorted."""
    calls = CALLS.get(command, ())
    implied = {action for call in calls for action in IMPLIED.get(call, ())}
    # `implied` lists the login for each command that finds a DSQL cluster; only these use it.
    if command not in READS_MASTER_SECRET:
        implied -= DSQL_LOGIN
    return tuple(sorted({*calls, *implied} - FREE - set(_set("without an action"))))


def unused_of_clients(actions: Iterable[str], *, pool: bool) -> set[str]:
    """Of these actions those that the fleet has no use for."""
    return set(actions) - set(_set("clients in a pool")) if pool else set(_set("secrets of a pool"))


def unused_beside_sessions(actions: Collection[str]) -> set[str]:
    """Those of a command's actions that only end a session of `dev`.

    The policy of a command that deploys has none of them: on a terminal it offers to end a session, which the policy
    of `dev` allows.
    """
    if "sqs:CreateQueue" in actions:
        return set()
    # The end of a branch is a schedule too.
    own = {"scheduler:DeleteSchedule"} if "scheduler:CreateSchedule" in actions else set()
    return set(END_SESSION) - own
