"""What a resource type is to ministack: functions that create, update and delete."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Properties: TypeAlias = Mapping[str, Any]
Created: TypeAlias = tuple[str, dict[str, Any]]
"""The physical id, and the attributes that `Fn::GetAtt` answers with."""


Begin: TypeAlias = Callable[[str, str, str, str], None]
"""Notes that a creation begins: type, physical id, logical id, stack."""


@dataclass(frozen=True, slots=True)
class Handlers:
    """`create(logical_id, properties, stack)`, `update(id, old, new, stack)`, `delete(id, properties)`.

    Without `update` a change makes a new resource, as CloudFormation does for properties that cannot change; when only
    the tags change it stays, with the attributes that `attributes(physical_id)` gives.
    """

    create: Callable[[str, Properties, str], Created]
    delete: Callable[[str, Properties], object]
    update: Callable[[str, Properties, Properties, str], Created] | None = None
    attributes: Callable[[str], dict[str, Any]] = lambda physical_id: {"Id": physical_id}

    def table(self) -> dict[str, Any]:
        """The row of ministack's table of handlers."""
        return {"create": self.create, "delete": self.delete, "update": self.update or self._replaced}

    def _replaced(self, physical_id: str, old: Properties, new: Properties, stack: str) -> Created:
        if {**old, "Tags": None} == {**new, "Tags": None}:
            return physical_id, self.attributes(physical_id)
        created = self.create(physical_id, new, stack)
        self.delete(physical_id, old)
        return created
