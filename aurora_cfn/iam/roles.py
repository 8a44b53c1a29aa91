"""What CloudFormation may do with roles: only with those that the templates make, and never beyond their boundary.

A caller that may make a role with any policy and pass it on is an administrator. So roles and managed policies are
named, and policies written into a role need the environment's permissions boundary on that role.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Final

from aurora_cfn.facts import read_facts
from aurora_cfn.iam.document import Condition, Statement, statement
from aurora_cfn.iam.scope import Scope
from aurora_cfn.iam.stack_resources import LONGEST_ROLE, Made, of_type
from aurora_cfn.model.resource_types import ROLE
from aurora_cfn.model.value import Value

PASS: Final = "iam:PassRole"
BOUNDED: Final = ("iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy")
"""Actions that need the boundary; iam:PermissionsBoundary is the role's own, or the one in the call."""
ATTACH: Final = "iam:AttachRolePolicy"
SERVICE_LINKED: Final = "iam:CreateServiceLinkedRole"
OWN: Final = frozenset(read_facts("iam_actions")["on a bounded role"])
"""Harmless for a role whose permissions are limited: no principal gets more than the boundary allows."""
NEVER: Final = ("iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary")
KEPT: Final = ("iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion", "iam:SetDefaultPolicyVersion")
"""What would change the boundary itself."""
_READ: Final = "iam:ListRoles"
# A property that ends like Role or RoleArn passes the role; an ARN elsewhere, as in a policy, only names it.
_ROLE_ARN: Final = re.compile(r"Role(?:Arn|ARN)?': '(arn:[\w-]+:iam::\d{12}:role/(?!aws-service-role/)[^']+)'")


def role_names(scope: Scope) -> list[str]:
    """The ARNs of the environment's roles; the end of a generated name is a star."""
    return [scope.role(_path(row) + row.name("RoleName", LONGEST_ROLE)) for row in of_type(scope.made or (), ROLE)]


def with_boundaries(scope: Scope, default: str) -> Scope:
    """The scope with the boundaries that the templates' roles have; the ARN `default` where they have none.

    No boundary is needed where no policy is written into a role.
    """
    rows = of_type(scope.made or (), ROLE)
    found = [arn for row in rows if isinstance(arn := row.properties.get("PermissionsBoundary"), str)]
    lacking = [default] if unbounded(scope) and not found else []
    return replace(scope, boundaries=tuple(dict.fromkeys([*found, *lacking])))


def unbounded(scope: Scope) -> list[str]:
    """Roles with policies of their own and without a boundary, as `stack/role`."""
    rows = (row for row in of_type(scope.made or (), ROLE) if row.properties.get("Policies"))
    return [f"{row.stack}/{row.logical_id}" for row in rows if not row.properties.get("PermissionsBoundary")]


def managed_policies(made: Sequence[Made]) -> list[str]:
    """The managed policies that the templates attach, as far as they are known."""
    lists = (row.properties.get("ManagedPolicyArns") for row in of_type(made, ROLE))
    return sorted({arn for found in lists if isinstance(found, list | tuple) for arn in found if isinstance(arn, str)})


def passed_by_name(scope: Scope) -> list[str]:
    """ARNs of roles that the templates pass to a service and do not make, as they are written; sorted."""
    own = role_names(scope)
    rows = (row for row in scope.made or () if row.type != ROLE)
    named = {arn for row in rows for arn in _ROLE_ARN.findall(str(row.properties))}
    return sorted(arn for arn in named if not any(fnmatchcase(arn, pattern) for pattern in own))


def role_statements(actions: Sequence[str], scope: Scope, trusted: Sequence[str]) -> Iterator[Statement]:
    """The statements for `actions` of IAM; roles are passed to the `trusted` services only."""
    roles, policies = role_names(scope), managed_policies(scope.made or ())
    given = set(actions)
    if roles:
        yield from _making(given, roles, policies, scope.boundaries)
        if PASS in given and trusted:
            # Passing a role to another service would give that service its permissions.
            yield statement("PassRoles", [PASS], roles, {"StringEquals": {"iam:PassedToService": list(trusted)}})
    if SERVICE_LINKED in given:
        # Its policy is the service's own, and only that service can assume it.
        yield statement("ServiceLinkedRoles", [SERVICE_LINKED], [scope.role("aws-service-role/*")])
    if _READ in given:
        yield statement("ListRoles", [_READ], ["*"])


def _making(given: set[str], roles: list[str], policies: list[str], boundaries: Sequence[str]) -> Iterator[Statement]:
    bounded: Mapping[str, Value] = {"iam:PermissionsBoundary": list(boundaries)} if boundaries else {}
    # Without a boundary nothing can be written into a role: that would be any permission.
    making = sorted(given & set(BOUNDED)) if boundaries else sorted(given & {"iam:CreateRole"})
    condition: Condition | None = {"StringEquals": bounded} if bounded else None
    if own := sorted(given & OWN):
        yield statement("Roles", own, roles)
    if making:
        yield statement("MakeRoles", making, roles, condition)
    if ATTACH in given and policies:
        yield statement("AttachPolicies", [ATTACH], roles, _attaching(policies, bounded))
    if boundaries and making:
        yield statement("KeepBoundaries", NEVER, ["*"], deny=True)
        yield statement("KeepTheBoundary", KEPT, boundaries, deny=True)


def _attaching(policies: list[str], bounded: Mapping[str, Value]) -> Condition:
    # Two keys of one operator: both must hold. One of ARNs is compared without wildcards.
    return {"ArnEquals": {"iam:PolicyARN": policies}, **({"StringEquals": bounded} if bounded else {})}


def _path(row: Made) -> str:
    path = row.properties.get("Path")
    return path.strip("/") + "/" if isinstance(path, str) and path.strip("/") else ""


def left_out(actions: Sequence[str]) -> list[str]:
    """Actions of IAM that no statement allows, sorted: they are for users, groups and managed policies."""
    known = {*OWN, *BOUNDED, *NEVER, ATTACH, PASS, SERVICE_LINKED, _READ}
    return sorted(row for row in actions if row.startswith("iam:") and row not in known)
