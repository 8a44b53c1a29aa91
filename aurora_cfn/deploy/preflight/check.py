"""The shape of a check: what it reads from AWS, which permissions that needs, and how it judges what it read."""

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
class CheckPorts:
    """The ports that checks read from; nothing is written through them."""

    databases: Databases
    secrets: SecretKeys
    names: Names
    account: Account
    buckets: Buckets


@dataclass(frozen=True, slots=True)
class Check(Generic[About, Facts]):
    """One check: `facts` reads from AWS, `findings` judges; `what` completes `could not check ...`.

    `actions` are the IAM actions that `facts` needs.
    """

    name: str
    what: str
    actions: tuple[str, ...]
    facts: Callable[[CheckPorts, About], Facts]
    findings: Callable[[About, Facts], Iterable[Finding]]

    def run(self, ports: CheckPorts, about: About, path: str, line: int) -> list[Finding]:
        """What it finds, or one finding that says why it could not check."""
        try:
            facts = self.facts(ports, about)
        except AwsError as error:
            return [unanswered(self.name, self.what, self.actions, error, path, line)]
        return list(self.findings(about, facts))


def unanswered(name: str, what: str, actions: tuple[str, ...], error: AwsError, path: str, line: int = 1) -> Finding:
    """The warning of a check whose calls failed: the permission that is missing, or AWS's own message."""
    if error.denied:
        # The action of the refused call; where it has another name than the call, all that the check needs.
        needed = [action for action in actions if action.endswith(f":{error.operation}")] or list(actions)
        why = f"needs {', '.join(needed)}"
    else:
        why = str(error)
    return Finding(name, "warning", f"could not check {what}: {why}", path, line, source=SOURCE)


def stack_finding(
    name: str, severity: Severity, message: str, about: Subject, *parameters: str, logical_id: str = ""
) -> Finding:
    """A finding at the line of the first of the parameters that the params file sets, else at that of the stack."""
    key = f"stacks.{about.entry.key}"
    given = next((row for row in parameters if row in about.entry.lines), "")
    key = f"{key}.parameters.{given}" if given else key
    message = f"{logical_id}: {message}" if logical_id else message
    return Finding(name, severity, message, about.environment.path, about.line(*parameters), key=key, source=SOURCE)
