"""Resources of SAM beside those that they become: SAM gives both the same logical id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from aurora_cfn.facts.stateful import made_type
from aurora_cfn.model.value import Value
from aurora_cfn.template.resources import Resource

_SIMPLE: Final = "AWS::Serverless::SimpleTable"
_LETTERS: Final = {"String": "S", "Number": "N", "Binary": "B"}
_SAME: Final = ("TableName", "SSESpecification", "PointInTimeRecoverySpecification", "ProvisionedThroughput")


def is_sam(kind: str) -> bool:
    """Whether a type is one of SAM, which have no resource schema."""
    return kind.startswith("AWS::Serverless::")


def same_type(before: Resource, after: Resource) -> bool:
    """Whether both have one type once SAM has run."""
    return made_type(before.type) == made_type(after.type)


def comparable(before: Resource, after: Resource) -> tuple[Resource, Resource]:
    """Both sides, a SimpleTable as the table that it becomes where the other side is such a table."""
    if before.type == after.type or not same_type(before, after):
        return before, after
    return _table(before), _table(after)


def _table(resource: Resource) -> Resource:
    # `*`: one unknown function makes all properties.
    if resource.type != _SIMPLE or "*" in resource.properties:
        return resource
    return replace(resource, type=made_type(_SIMPLE), properties=dict(_properties(resource.properties)))


def _properties(given: Mapping[str, Value]) -> Iterator[tuple[str, Value]]:
    """The properties of the table, with SAM's defaults: the key `id`, a string, and payment by request."""
    key = given.get("PrimaryKey")
    key = key if isinstance(key, Mapping) else {}
    name, kind = key.get("Name", "id"), key.get("Type", "String")
    letter = _LETTERS.get(kind, kind) if isinstance(kind, str) else kind
    yield "AttributeDefinitions", [{"AttributeName": name, "AttributeType": letter}]
    yield "KeySchema", [{"AttributeName": name, "KeyType": "HASH"}]
    yield from ((one, given[one]) for one in _SAME if one in given)
    if "ProvisionedThroughput" not in given:
        yield "BillingMode", "PAY_PER_REQUEST"
    tags = given.get("Tags")
    if isinstance(tags, Mapping):
        yield "Tags", [{"Key": one, "Value": value} for one, value in tags.items()]
