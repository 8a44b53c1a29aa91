"""Whether an old and a new physical resource would have one name while both exist."""

from __future__ import annotations

from dataclasses import dataclass

from aurora_cfn.facts.effects import names_not_unique, names_unique_within
from aurora_cfn.template.resource_schema import ResourceSchema, schema
from aurora_cfn.template.resources import Resource


@dataclass(frozen=True, slots=True)
class SharedName:
    """The property that gives both their name, and all properties that make it unique."""

    name: str
    parts: tuple[str, ...]


def shared_name(old: Resource, new: Resource) -> SharedName | None:
    """What gives both the same name; None where they differ, or where two of the type may have one name."""
    rules = schema(new.type)
    if rules is None or new.type in names_not_unique():
        return None
    found = _named(new, rules)
    if found is None or any(old.properties.get(part) != new.properties.get(part) for part in found.parts):
        return None
    return found


def _named(new: Resource, rules: ResourceSchema) -> SharedName | None:
    given = [name for name in rules.names if new.properties.get(name) not in (None, "")]
    if not given:
        return None
    if not rules.identity:
        return SharedName(given[0], (given[0], *names_unique_within(new.type)))
    # AWS makes up a name that is left out, such as that of a lifecycle hook, so the two differ in it.
    if len(given) < len(rules.names):
        return None
    return SharedName(next((name for name in given if name in rules.own_names), given[0]), rules.identity)
