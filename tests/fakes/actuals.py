"""Resources as they really are, in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from aurora_cfn.model.value import Value


@dataclass(slots=True)
class FakeActuals:
    """The port Actuals, by type and identifier."""

    kept: dict[tuple[str, str], Mapping[str, Value]] = field(default_factory=dict)

    def properties(self, kind: str, identifier: str) -> Mapping[str, Value] | None:
        return self.kept.get((kind, identifier))
