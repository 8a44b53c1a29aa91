"""The shape of a check: which questions it asks, which permissions they need, and how it judges the answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from aurora_cfn.deploy.preflight.subject import Subject
from aurora_cfn.errors import AwsError
from aurora_cfn.model.finding import Finding, Severity
from aurora_cfn.ports import Account, Buckets, Databases, Names, SecretKeys

About = TypeVar("About")
Facts = TypeVar("Facts")
SOURCE = "preflight"


@dataclass(frozen=True, slots=True)
class Look:
    """The ports that checks read from; nothing is written through them."""

    databases: Databases
    secrets: SecretKeys
    names: Names
    account: Account
    buckets: Buckets


@dataclass(frozen=True, slots=True)
class Check(Generic[About, Facts]):
    """One check: `facts` asks, `findings` judges; `what` completes `could not check ...`.

    `actions` are the IAM actions that the questions need.
    """

    name: str
    what: str
    actions: tuple[str, ...]
    facts: Callable[[Look, About], Facts]
    findings: Callable[[About, Facts], Iterable[Finding]]

    def run(self, look: Look, about: About, path: str, line: int) -> list[Finding]:
        """What it finds, or the one finding that says why it could not look."""
        try:
            facts = self.facts(look, about)
        except AwsError as error:
            return [unanswered(self.name, self.what, self.actions, error, path, line)]
        return list(self.findings(about, facts))


def unanswered(name: str, what: str, actions: tuple[str, ...], error: AwsError, path: str, line: int = 1) -> Finding:
    """The finding of a check that got no answer: the permission that is missing, or AWS's own words."""
    if error.denied:
        needed = [action for action in actions if action.endswith(f":{error.operation}")] or list(actions)
        why = f"needs {', '.join(needed)}"
    else:
        why = str(error)
    return Finding(name, "warning", f"could not check {what}: {why}", path, line, source=SOURCE)


def told(
    name: str, severity: Severity, message: str, about: Subject, *parameters: str, logical_id: str = ""
) -> Finding:
    """A finding at the line of the first of the parameters, or of the stack, in the params file."""
    key = f"stacks.{about.entry.key}"
    given = next((row for row in parameters if row in about.entry.lines), "")
    key = f"{key}.parameters.{given}" if given else key
    message = f"{logical_id}: {message}" if logical_id else message
    return Finding(name, severity, message, about.environment.path, about.line(*parameters), key=key, source=SOURCE)
