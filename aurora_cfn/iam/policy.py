"""The policy of a command's caller, or of the role that CloudFormation works with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from aurora_cfn.iam.call_limits import limits
from aurora_cfn.iam.databases import database_statements
from aurora_cfn.iam.document import ANYTHING, Condition, Limit, Statement, document, numbered, statement
from aurora_cfn.iam.roles import PASS, role_statements
from aurora_cfn.iam.scope import Scope
from aurora_cfn.iam.secret_limits import READ_SECRET
from aurora_cfn.iam.services import reads, service_statements

_CLOUDFORMATION: Final = "cloudformation.amazonaws.com"
# The key is a list of the services that passed the request on; without the limit the caller could make these calls
# directly.
_THROUGH: Final[Condition] = {"ForAnyValue:StringEquals": {"aws:CalledVia": [_CLOUDFORMATION]}}


@dataclass(frozen=True, slots=True)
class Grants:
    """What a policy allows: `calls` of the command, passing `role_arn`, and `on_behalf`: actions of CloudFormation.

    `through`: `on_behalf` is allowed in calls by CloudFormation only; the policy of a service role needs no such limit.
    `trusted` are the services that roles may be passed to; `resolves`: secrets of the scope are read. `reads` are
    actions of handlers that Cloud Control runs with the caller's permissions. `taking` are the calls that take
    `role_arn`, and `urls` the templates that they may take from a bucket.
    """

    calls: Sequence[str] = ()
    role_arn: str = ""
    on_behalf: Sequence[str] = ()
    through: bool = True
    trusted: Sequence[str] = ()
    resolves: bool = False
    reads: Sequence[str] = ()
    taking: frozenset[str] = field(default=frozenset())
    urls: Sequence[str] = ()


def policy(grants: Grants, scope: Scope) -> dict[str, Any]:
    """The policy document, always in the same order, so that it can be committed."""
    statements = [*numbered("Calls", _calls(grants, scope))]
    if grants.role_arn:
        passed = {"StringEquals": {"iam:PassedToService": _CLOUDFORMATION}}
        statements.append(statement("PassTheRole", [PASS], [grants.role_arn], passed))
    if grants.reads:
        statements.append(statement("Actuals", grants.reads, ["*"]))
    limit = _THROUGH if grants.through else {}
    return document([*statements, *(_under(limit, row) for row in _on_behalf(grants, scope))])


def _calls(grants: Grants, scope: Scope) -> Iterator[tuple[str, Limit]]:
    """The command's own calls, with their limits."""
    for action in sorted(grants.calls):
        for limit in limits(action, scope):
            yield action, Limit(limit.resources, _merged(limit.condition or {}, _with_role(action, grants)))


def _with_role(action: str, grants: Grants) -> Condition:
    """Only with the service role: without one CloudFormation would take the role that the stack had before."""
    if not grants.role_arn or action not in grants.taking:
        return {}
    role = {"StringEquals": {"cloudformation:RoleArn": grants.role_arn}}
    # A body in the call has no URL.
    named = grants.urls and action == "cloudformation:CreateChangeSet"
    return _merged(role, {"StringLikeIfExists": {"cloudformation:TemplateUrl": list(grants.urls)}} if named else {})


def _on_behalf(grants: Grants, scope: Scope) -> Iterator[Statement]:
    """Statements for the actions that the resource types need."""
    listing = [action for action in grants.on_behalf if reads(action) and not action.startswith("iam:")]
    # What the command itself may read of any resource, CloudFormation may too.
    own = {action for action in grants.calls if limits(action, scope) == (ANYTHING,)}
    found = [action for action in listing if action not in own]
    if found:
        yield statement("Reads", found, ["*"])
    rest = [action for action in grants.on_behalf if action not in listing]
    yield from database_statements(rest, scope)
    others = [action for action in rest if not action.startswith(("rds:", "iam:"))]
    if grants.resolves and READ_SECRET not in others:
        others.append(READ_SECRET)
    yield from service_statements(others, scope)
    yield from role_statements([action for action in rest if action.startswith("iam:")], scope, grants.trusted)


def _under(limit: Condition, row: Statement) -> Statement:
    """The statement with one more condition; what is denied is denied without it."""
    if not limit or row["Effect"] == "Deny":
        return row
    return {**row, "Condition": _merged(limit, row.get("Condition", {}))}


def _merged(*conditions: Condition) -> dict[str, Mapping[str, Any]]:
    """All of the conditions; keys of one operator stand together."""
    found: dict[str, Mapping[str, Any]] = {}
    for operator, keys in (pair for condition in conditions for pair in condition.items()):
        found[operator] = {**found.get(operator, {}), **keys}
    return found
