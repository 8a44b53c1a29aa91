"""IAM statements of a variant, and the roles that they belong to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from aurora_cfn.lint.found import Found
from aurora_cfn.lint.variant import Resource, Variant, items, step
from aurora_cfn.model.resource_types import ROLE

_DOCUMENTS = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy")


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """One statement that allows something; `actions` are None when they are not known."""

    actions: tuple[Found, ...] | None
    resources: tuple[Found, ...]

    def allows(self, action: str) -> bool:
        """Whether the action is, or may be, among those allowed."""
        if self.actions is None:
            return True
        patterns = [row.text for row in self.actions]
        return any(text is None or fnmatchcase(action.lower(), text.lower()) for text in patterns)


def role_statements(role: Resource) -> tuple[Statement, ...] | None:
    """What a role of the template allows, by policies in it and beside it; None when some of it is not known."""
    return None if not role.get("ManagedPolicyArns").absent else own_statements(role)


def own_statements(role: Resource) -> tuple[Statement, ...] | None:
    """What a role allows by policies of this template; None when its list of policies is not known."""
    variant = role.variant
    inline = role.items("Policies")
    if inline is None:
        return None
    found = [row for policy in inline for row in _statements(step(policy, "PolicyDocument", variant), variant)]
    for resource in variant.resources(*_DOCUMENTS):
        if role.name in _attached_to(resource):
            found += _statements(resource.get("PolicyDocument"), variant)
    return tuple(found)


def managed_policies(role: Resource) -> frozenset[str] | None:
    """Names of the managed policies of a role; None when one is not AWS's own, or not known."""
    rows = role.items("ManagedPolicyArns")
    names = [str(row.pieces[-1]) if row.pieces else "" for row in rows or ()]
    attached = any(role.name in _attached_to(row) for row in role.variant.resources("AWS::IAM::ManagedPolicy"))
    if rows is None or attached or not all("policy/" in name for name in names):
        return None
    return frozenset(name.rpartition("/")[2] for name in names)


def trusted_services(role: Resource) -> frozenset[str] | None:
    """Services that may assume a role, such as `rds.amazonaws.com`; None when some principal is not known."""
    variant = role.variant
    document = role.get("AssumeRolePolicyDocument")
    rows = items(step(document, "Statement", variant), variant)
    found: set[str] = set()
    for row in rows or ():
        principal = step(row, "Principal", variant)
        services = items(step(principal, "Service", variant), variant)
        if principal.text == "*" or services is None or step(principal, "Service", variant).unknown:
            return None
        names = [service.pieces[0] if service.pieces else None for service in services]
        if not all(isinstance(name, str) for name in names):
            return None
        if step(row, "Effect", variant).text == "Allow":
            found.update(str(name) for name in names)
    return frozenset(found) if rows else None


def statements(variant: Variant) -> Iterator[Statement]:
    """Every allowing statement of the roles and policies of a variant."""
    for role in variant.resources(ROLE):
        for policy in role.items("Policies") or ():
            yield from _statements(step(policy, "PolicyDocument", variant), variant)
    for resource in variant.resources(*_DOCUMENTS):
        yield from _statements(resource.get("PolicyDocument"), variant)
    for function in variant.resources("AWS::Serverless::Function"):
        # SAM takes names and ARNs of managed policies, its own templates, and documents.
        for policy in function.items("Policies") or ():
            yield from _statements(policy, variant)


def _statements(document: Found, variant: Variant) -> Iterator[Statement]:
    for row in items(step(document, "Statement", variant), variant) or ():
        if step(row, "Effect", variant).text == "Allow":
            actions = None if step(row, "Action", variant).absent else items(step(row, "Action", variant), variant)
            named = step(row, "Resource", variant)
            resources = (named,) if named.reference else items(named, variant) or ()
            yield Statement(actions, resources)


def _attached_to(policy: Resource) -> frozenset[str]:
    rows = (*(policy.items("Roles") or ()), policy.get("RoleName"))
    return frozenset(row.reference.logical_id for row in rows if row.reference)
