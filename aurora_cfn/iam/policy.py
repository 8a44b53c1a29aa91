"""IAM policies as JSON, limited to resources where IAM supports it, and split if they are too long.

Lengths are those of IAM and STS quotas (IAM User Guide, read 2026-11); white space does not count.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

VERSION = "2012-10-17"
"""The only version of the policy language in use (IAM User Guide, read 2026-11)."""
MANAGED_SECRETS = "rds!*"
"""Names of secrets that RDS manages begin with rds!."""
WHOLE_ACCOUNT = frozenset(
    {
        "cloudformation:DescribeAccountLimits",
        "cloudformation:DescribeStackDriftDetectionStatus",
        "cloudformation:GetResource",
        "cloudformation:ListExports",
        "cloudformation:ListImports",
        "cloudformation:ListStacks",
        "cloudformation:ValidateTemplate",
        "ssm:DescribeParameters",
    }
)
"""Actions that cannot be limited to a resource (service authorization reference, read 2026-11)."""

DATABASES: Mapping[str, tuple[str, ...]] = {
    "rds:AddTagsToResource": ("cluster-snapshot", "snapshot"),
    "rds:CreateDBClusterSnapshot": ("cluster", "cluster-snapshot"),
    "rds:CreateDBSnapshot": ("db", "snapshot"),
}
"""Resource types of RDS's writing actions (service authorization reference, read 2026-11); only snapshots get tags."""
PASS_ROLE, READ_SECRET = "iam:PassRole", "secretsmanager:GetSecretValue"


@dataclass(frozen=True, slots=True)
class Scope:
    """The limits of a policy; by default none."""

    partition: str = "aws"
    region: str = "*"
    account: str = "*"
    stacks: Sequence[str] = ("*",)
    secrets: Sequence[str] = ("*",)
    parameters: Sequence[str] = ("*",)
    buckets: Sequence[str] = ("*",)

    def arns(self, action: str) -> tuple[str, ...]:
        """ARNs of the resources that the action is allowed for."""
        service = action.partition(":")[0]
        if action in WHOLE_ACCOUNT:
            return ("*",)
        if service == "cloudformation":
            return self._stacks(action)
        if service == "secretsmanager":
            return tuple(name if name.startswith("arn:") else self._secret(name) for name in self.secrets)
        if action == "ssm:GetParameters":
            return tuple(self._arn(service, f"parameter/{name.lstrip('/')}") for name in self.parameters)
        return self._buckets(action) if service == "s3" else self._databases(action)

    def roles(self) -> str:
        """All roles of the account, since CloudFormation makes the names of a template's roles."""
        return f"arn:{self.partition}:iam::{self.account}:role/*"

    def _stacks(self, action: str) -> tuple[str, ...]:
        found = [self._arn("cloudformation", f"stack/{name}/*" if name != "*" else "stack/*") for name in self.stacks]
        if action == "cloudformation:DescribeEvents":
            # Also called for change sets, and then the change set may be the resource that is authorized.
            found.append(self._arn("cloudformation", "changeSet/*"))
        return tuple(found)

    def _buckets(self, action: str) -> tuple[str, ...]:
        tail = "/*" if action.endswith("Object") else ""
        return tuple(f"arn:{self.partition}:s3:::{name}{tail}" for name in self.buckets)

    def _databases(self, action: str) -> tuple[str, ...]:
        kinds = ("cluster",) if action.startswith("rds-data:") else DATABASES.get(action, ())
        return tuple(self._arn("rds", f"{kind}:*") for kind in kinds) or ("*",)

    def _secret(self, name: str) -> str:
        # Secrets Manager adds a hyphen and six characters to the name in the ARN.
        return self._arn("secretsmanager", "secret:*" if name == "*" else f"secret:{name}-??????")

    def _arn(self, service: str, rest: str) -> str:
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{rest}"


@dataclass(frozen=True, slots=True)
class Grants:
    """What a policy allows: `calls` of the command, passing `role_arn`, and `on_behalf`: actions of CloudFormation.

    `through`: `on_behalf` is allowed in calls by CloudFormation only; the policy of a service role needs no such limit.
    `trusted` are the services that roles may be passed to; `resolves`: secrets of the scope are read. `reads` are
    actions of handlers that Cloud Control runs with the caller's permissions.
    """

    calls: Sequence[str] = ()
    role_arn: str = ""
    on_behalf: Sequence[str] = ()
    through: bool = True
    trusted: Sequence[str] = ()
    resolves: bool = False
    reads: Sequence[str] = ()


def policy(grants: Grants, scope: Scope) -> dict[str, Any]:
    """The policy document, always in the same order, so that it can be committed."""
    grouped: dict[tuple[str, ...], list[str]] = {}
    for action in sorted(grants.calls):
        grouped.setdefault(scope.arns(action), []).append(action)
    statements = [_statement(f"Calls{number}", rows, arns) for number, (arns, rows) in enumerate(grouped.items(), 1)]
    if grants.role_arn:
        statements.append(_passing(grants.role_arn))
    if grants.reads:
        statements.append(_statement("Actuals", grants.reads, ["*"]))
    statements += _on_behalf(grants, scope)
    return {"Version": VERSION, "Statement": statements}


def policy_json(document: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> str:
    """A policy, or an array of them, as JSON."""
    return json.dumps(document, indent=2) + "\n"


def _statement(sid: str, actions: Iterable[str], resources: Sequence[str]) -> dict[str, Any]:
    where: object = resources[0] if len(resources) == 1 else list(resources)
    return {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": where}


def _passing(role_arn: str) -> dict[str, Any]:
    condition: Mapping[str, Any] = {"StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}}
    return {**_statement("PassTheRole", ["iam:PassRole"], [role_arn]), "Condition": condition}


def _on_behalf(grants: Grants, scope: Scope) -> Iterator[dict[str, Any]]:
    """Statements for the actions that the resource types need."""
    # aws:CalledVia is a list of the services that passed the request on; without the limit the caller could make these
    # calls directly.
    called = {"ForAnyValue:StringEquals": {"aws:CalledVia": ["cloudformation.amazonaws.com"]}} if grants.through else {}
    tail = "ThroughCloudFormation" if grants.through else ""
    limit = {"Condition": called} if called else {}
    actions = [action for action in grants.on_behalf if action != PASS_ROLE]
    if actions:
        yield {**_statement(tail or "Resources", actions, ["*"]), **limit}
    if len(actions) < len(grants.on_behalf) and grants.trusted:
        # Passing a role to another service would give that service its permissions.
        passed = {**called, "StringEquals": {"iam:PassedToService": list(grants.trusted)}}
        yield {**_statement(f"Roles{tail}", [PASS_ROLE], [scope.roles()]), "Condition": passed}
    if grants.resolves and READ_SECRET not in actions:
        yield {**_statement(f"Secrets{tail}", [READ_SECRET], scope.arns(READ_SECRET)), **limit}


MANAGED: Final = 6_144
"""Most characters of a managed policy."""
INLINE: Final = 10_240
"""Most characters of all inline policies of a role together."""

Statement: TypeAlias = Mapping[str, Any]


def size(policy: Mapping[str, Any]) -> int:
    """Characters of a policy as IAM counts them."""
    return len("".join(json.dumps(policy, separators=(",", ":")).split()))


def split(policy: Mapping[str, Any], limit: int = MANAGED) -> list[dict[str, Any]]:
    """Policies of at most `limit` characters that together allow the same, in the same order.

    A longer statement is divided at the longer of its lists, actions or resources; the parts get numbered Sids, since
    each Sid may be in a policy once.
    """
    parts: list[list[Statement]] = [[]]
    for whole in policy["Statement"]:
        for piece in _numbered(_pieces(whole, limit), limit):
            if parts[-1] and size(_policy([*parts[-1], piece])) > limit:
                parts.append([])
            parts[-1].append(piece)
    return [_policy(part) for part in parts]


def _policy(statements: Sequence[Statement]) -> dict[str, Any]:
    return {"Version": VERSION, "Statement": list(statements)}


def _numbered(pieces: list[Statement], limit: int) -> list[Statement]:
    """The pieces of one statement with numbered Sids."""
    if len(pieces) == 1:
        return pieces
    smaller = [small for piece in pieces for small in _pieces(piece, limit - len(f"Part{len(pieces) * 2}"))]
    return [{**piece, "Sid": f"{piece['Sid']}Part{number}"} for number, piece in enumerate(smaller, 1)]


def _pieces(statement: Statement, limit: int) -> list[Statement]:
    if size(_policy([statement])) <= limit:
        return [statement]
    lists = [key for key in ("Action", "Resource") if isinstance(statement[key], list) and len(statement[key]) > 1]
    if not lists:
        return [statement]
    key = max(lists, key=lambda name: len(json.dumps(statement[name])))
    middle = len(statement[key]) // 2
    halves = ({**statement, key: rows} for rows in (statement[key][:middle], statement[key][middle:]))
    return [piece for half in halves for piece in _pieces(half, limit)]


_GITHUB: Final = "token.actions.githubusercontent.com"
"""The OpenID Connect provider of GitHub Actions (GitHub docs, OpenID Connect in AWS, read 2026-11)."""


def github_trust(scope: Scope, subject: str) -> dict[str, Any]:
    """The trust policy of a role that GitHub Actions takes for one subject, such as `repo:a/b:environment:dev`.

    The account needs an identity provider of that name.
    """
    provider = f"arn:{scope.partition}:iam::{scope.account}:oidc-provider/{_GITHUB}"
    claims = {f"{_GITHUB}:aud": "sts.amazonaws.com", f"{_GITHUB}:sub": subject}
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": claims},
    }
    return {"Version": VERSION, "Statement": [statement]}
