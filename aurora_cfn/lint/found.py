"""What a place in a template holds: a value, a reference to something deployed, or something not known offline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from aurora_cfn.model.value import Path
from aurora_cfn.template.forms import scalar_text


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that is not known before the deployment.

    `parameter` names a parameter without default, which counts as different from every literal that the template
    compares it with: those literals are variants of their own. `there` is False when perhaps nothing is at the place.
    """

    parameter: str = ""
    there: bool = True


@dataclass(frozen=True, slots=True)
class Absent:
    """There is no value, or `AWS::NoValue`."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What a resource of the same template will give: `Ref`, or an attribute."""

    logical_id: str
    attribute: str = "Ref"


@dataclass(frozen=True, slots=True)
class Partial:
    """A text of which some pieces are known only after the deployment."""

    pieces: tuple[str | Reference | Unknown, ...]


UNKNOWN: Final = Unknown()
PERHAPS: Final = Unknown(there=False)
ABSENT: Final = Absent()


@dataclass(frozen=True, slots=True)
class Found:
    """A resolved value and the path in the template where it is written."""

    value: Any
    path: Path

    @property
    def absent(self) -> bool:
        """Whether nothing is there; an unknown value is there."""
        return isinstance(self.value, Absent)

    @property
    def unknown(self) -> bool:
        """Whether it may be anything."""
        return isinstance(self.value, Unknown)

    @property
    def given(self) -> bool:
        """Whether there is certainly a value, known or not."""
        return not self.absent and not (isinstance(self.value, Unknown) and not self.value.there)

    @property
    def text(self) -> str | None:
        """The value as CloudFormation passes it on, None when it is no scalar or not known."""
        return scalar_text(self.value)

    @property
    def known_text(self) -> str | None:
        """The text, None also for one with a dynamic reference, which CloudFormation resolves at the deployment."""
        return None if self.text is None or "{{resolve:" in self.text else self.text

    @property
    def number(self) -> float | None:
        """The value as a number, None when it is none or not known."""
        try:
            return None if self.text is None else float(self.text)
        except ValueError:
            return None

    @property
    def flag(self) -> bool | None:
        """True or False as written, None when it is neither or not known."""
        return {"true": True, "false": False}.get((self.text or "").lower())

    @property
    def reference(self) -> Reference | None:
        """The resource that the value comes from."""
        return self.value if isinstance(self.value, Reference) else None

    @property
    def pieces(self) -> tuple[str | Reference | Unknown, ...]:
        """The pieces of a text in their order; none for what is no text."""
        if isinstance(self.value, Partial):
            return self.value.pieces
        if isinstance(self.value, Reference):
            return (self.value,)
        return () if self.text is None else (self.text,)

    @property
    def mapping(self) -> Mapping[str, Any]:
        """The mapping, still unresolved inside; empty when there is none."""
        return self.value if isinstance(self.value, dict) else {}
