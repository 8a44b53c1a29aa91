"""IAM statements of a world and whose they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from aurora_cfn.lint.found import Found
from aurora_cfn.lint.world import Resource, World, items, step

ROLE = "AWS::IAM::Role"
_DOCUMENTS = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy")


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """One statement that allows something; `actions` are None when they are not known."""

    found: Found
    world: World
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
    world = role.world
    inline = role.items("Policies")
    if inline is None or not role.get("ManagedPolicyArns").absent:
        return None
    found = [row for policy in inline for row in _statements(step(policy, "PolicyDocument", world), world)]
    for resource in world.resources(*_DOCUMENTS):
        if role.name in _attached_to(resource):
            found += _statements(resource.get("PolicyDocument"), world)
    return tuple(found)


def statements(world: World) -> Iterator[Statement]:
    """Every allowing statement of the roles and policies of a world."""
    for role in world.resources(ROLE):
        for policy in role.items("Policies") or ():
            yield from _statements(step(policy, "PolicyDocument", world), world)
    for resource in world.resources(*_DOCUMENTS):
        yield from _statements(resource.get("PolicyDocument"), world)


def _statements(document: Found, world: World) -> Iterator[Statement]:
    for row in items(step(document, "Statement", world), world) or ():
        if step(row, "Effect", world).text == "Allow":
            actions = None if step(row, "Action", world).absent else items(step(row, "Action", world), world)
            resources = items(step(row, "Resource", world), world) or ()
            yield Statement(row, world, actions, resources)


def _attached_to(policy: Resource) -> frozenset[str]:
    rows = (*(policy.items("Roles") or ()), policy.get("RoleName"))
    return frozenset(row.reference.logical_id for row in rows if row.reference)
