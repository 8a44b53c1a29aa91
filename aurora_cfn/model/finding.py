"""A finding: the message of a rule about a line of a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Severity: TypeAlias = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding; `line` and `column` count from 1, `key` is the path in the template (`Resources/DBCluster`)."""

    rule: str
    severity: Severity
    message: str
    path: str
    line: int
    column: int = 1
    key: str = ""
    source: str = ""
