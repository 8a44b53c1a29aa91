"""Which outputs and names of resources hold the values of given parameters, found without knowing the values."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from aurora_cfn.model.value import Value
from aurora_cfn.template.mentions import mentioned
from aurora_cfn.template.resource_schema import schema

_LOOP = "Fn::ForEach"


def secret_outputs(template: Mapping[str, Value], secrets: Collection[str], keys: Collection[str]) -> frozenset[str]:
    """The outputs among `keys` whose values are made of those parameters, directly or by a resource's name."""
    wanted = {*secrets, *secret_names(template, secrets)}
    outputs = _section(template, "Outputs")
    found = {key for key, row in outputs.items() if not wanted.isdisjoint(mentioned(_part(row, "Value")))}
    # The keys of a loop's outputs are not written in the template: all of them count.
    looped = any(key.startswith(_LOOP) and not wanted.isdisjoint(mentioned(row)) for key, row in outputs.items())
    return frozenset(key for key in keys if key in found or (looped and key not in outputs))


def secret_names(template: Mapping[str, Value], secrets: Collection[str]) -> frozenset[str]:
    """Logical ids of the resources whose physical names are made of those parameters."""
    if not secrets:
        return frozenset()
    wanted = set(secrets)
    return frozenset(
        name
        for name, row in _section(template, "Resources").items()
        if isinstance(row, Mapping) and not wanted.isdisjoint(mentioned(_naming(row)))
    )


def _naming(resource: Mapping[str, Value]) -> Value:
    """The properties that the physical id is made of; all of a custom resource, whose handler makes its id."""
    properties = resource.get("Properties")
    known = schema(str(resource.get("Type")))
    if known is None or not isinstance(properties, Mapping):
        return properties
    return [properties.get(name) for name in known.names]


def _section(template: Mapping[str, Value], name: str) -> Mapping[str, Value]:
    found = template.get(name)
    return found if isinstance(found, Mapping) else {}


def _part(row: Value, key: str) -> Value:
    return row.get(key) if isinstance(row, Mapping) else None
