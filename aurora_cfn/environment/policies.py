"""A stack policy: which updates CloudFormation refuses by itself.

The language is described in the CloudFormation User Guide, "Prevent updates to stack resources" (read 2026-11-20).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aurora_cfn.environment.shapes import Fault, Key, ListOf, Record, Shape, Text
from aurora_cfn.model.value import Path, Value

_ACTION = Text(allowed=("Update:*", "Update:Modify", "Update:Replace", "Update:Delete"))
_RESOURCE = Text(r"\*|LogicalResourceId/[A-Za-z0-9*]+", "* or LogicalResourceId/DBCluster")
_TYPE = Text(r"(AWS|Custom)::[A-Za-z0-9:*-]+|\*", "a resource type such as AWS::RDS::DBCluster")


@dataclass(frozen=True, slots=True)
class OneOrList:
    """One value, or a list of such."""

    item: Shape

    def faults(self, value: Value, path: Path) -> Iterator[Fault]:
        """What is wrong with the one or with each."""
        shape = ListOf(self.item) if isinstance(value, list) else self.item
        yield from shape.faults(value, path)

    def schema(self) -> dict[str, Value]:
        """Either as JSON Schema."""
        return {"anyOf": [self.item.schema(), ListOf(self.item).schema()]}


_BY_TYPE = Record((Key("ResourceType", OneOrList(_TYPE), "Resource types.", required=True),))
_CONDITION = Record((Key("StringEquals", _BY_TYPE, "Exactly these."), Key("StringLike", _BY_TYPE, "Like these.")))
_STATEMENT = Record(
    (
        Key("Effect", Text(allowed=("Allow", "Deny")), "Deny wins over Allow.", required=True),
        Key("Action", OneOrList(_ACTION), "What an update would do to the resource.", required=True),
        Key("Principal", Text(allowed=("*",)), "Always *.", required=True),
        Key("Resource", OneOrList(_RESOURCE), "LogicalResourceId/... or *."),
        Key("NotResource", OneOrList(_RESOURCE), "All resources but these."),
        Key("Condition", _CONDITION, "By type of resource."),
    )
)
POLICY = Record((Key("Statement", ListOf(_STATEMENT, 100), "What is allowed and denied.", required=True),))
