"""What a check of a database found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from aurora_cfn.model.rows import Rows

Grade: TypeAlias = Literal["good", "note", "warn", "bad"]
GRADES: tuple[Grade, ...] = ("good", "note", "warn", "bad")
"""The best first; a note says something that is neither."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """The result of the check `name`: its grade, a sentence, and the rows that it is based on."""

    name: str
    grade: Grade
    text: str
    rows: Rows = field(default_factory=Rows)
