"""Shapes: the values that a key of a params file may have. Each finds the faults of a value, and is a JSON Schema."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final, NamedTuple, Protocol

from aurora_cfn.model.value import Path, Value


class Fault(NamedTuple):
    """One fault at a path of the document."""

    path: Path
    what: str
    hint: str = ""


class Shape(Protocol):
    """The values that are allowed at one place."""

    def faults(self, value: Value, path: Path) -> Iterator[Fault]:
        """All faults of the value."""

    def schema(self) -> dict[str, Value]:
        """The JSON Schema."""


@dataclass(frozen=True, slots=True)
class Text:
    """Text that matches a pattern or is one of `allowed`; `constraint` describes the pattern."""

    pattern: str = ""
    constraint: str = ""
    allowed: tuple[str, ...] = ()
    longest: int = 1024

    def faults(self, value: Value, path: Path) -> Iterator[Fault]:
        if not isinstance(value, str):
            yield Fault(path, f"must be text, not {kind(value)}", quoting(value))
        elif self.allowed and value not in self.allowed:
            yield Fault(path, f"{value!r} is not known here", suggestion(value, self.allowed))
        elif self.pattern and not re.fullmatch(self.pattern, value):
            yield Fault(path, f"{value!r} does not fit: {self.constraint}")
        elif len(value) > self.longest:
            yield Fault(path, f"{len(value)} characters are more than the maximum {self.longest}")

    def schema(self) -> dict[str, Value]:
        if self.allowed:
            return {"type": "string", "enum": list(self.allowed)}
        pattern: dict[str, Value] = {"pattern": anchored(self.pattern)} if self.pattern else {}
        return {"type": "string", **pattern, "maxLength": self.longest}


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""

    def faults(self, value: Value, path: Path) -> Iterator[Fault]:
        if not isinstance(value, bool):
            yield Fault(path, f"must be true or false, not {kind(value)}", "without quotes")

    def schema(self) -> dict[str, Value]:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class WholeNumber:
    """A whole number with its bounds."""

    least: int
    most: int

    def faults(self, value: Value, path: Path) -> Iterator[Fault]:
        # bool is an int in Python, and `true` is no number in YAML.
        if not isinstance(value, int) or isinstance(value, bool):
            yield Fault(path, f"must be a whole number, not {kind(value)}")
        elif not self.least <= value <= self.most:
            yield Fault(path, f"{value} is not between {self.least} and {self.most}")

    def schema(self) -> dict[str, Value]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class AnyMap:
    """Any mapping."""

    def faults(self, value: Value, path: Path) -> Iterator[Fault]:
        if not isinstance(value, Mapping):
            yield Fault(path, f"must be a mapping, not {kind(value)}")

    def schema(self) -> dict[str, Value]:
        return {"type": "object"}


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of one shape."""

    item: Shape
    most: int = 1000

    def faults(self, value: Value, path: Path) -> Iterator[Fault]:
        if not isinstance(value, list):
            yield Fault(path, f"must be a list, not {kind(value)}")
            return
        if len(value) > self.most:
            yield Fault(path, f"{len(value)} items are more than the maximum {self.most}")
        for number, item in enumerate(value):
            yield from self.item.faults(item, (*path, number))

    def schema(self) -> dict[str, Value]:
        return {"type": "array", "items": self.item.schema(), "maxItems": self.most}


@dataclass(frozen=True, slots=True)
class MapOf:
    """A mapping with free keys."""

    key: Text
    item: Shape
    most: int = 1000
    least: int = 0

    def faults(self, value: Value, path: Path) -> Iterator[Fault]:
        """Not a mapping, too small or large, and the faults of its keys and values."""
        if not isinstance(value, Mapping):
            yield Fault(path, f"must be a mapping, not {kind(value)}")
            return
        if len(value) < self.least:
            yield Fault(path, f"is empty, at least {self.least} is needed")
        if len(value) > self.most:
            yield Fault(path, f"{len(value)} entries are more than the maximum {self.most}")
        for key, item in value.items():
            yield from self.key.faults(key, (*path, key))
            yield from self.item.faults(item, (*path, key))

    def schema(self) -> dict[str, Value]:
        names, items = self.key.schema(), self.item.schema()
        bounds: dict[str, Value] = {"minProperties": self.least} if self.least else {}
        return {
            "type": "object",
            "propertyNames": names,
            "additionalProperties": items,
            **bounds,
            "maxProperties": self.most,
        }


@dataclass(frozen=True, slots=True)
class Key:
    """A key with a fixed name."""

    name: str
    shape: Shape
    description: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with fixed keys."""

    keys: tuple[Key, ...]

    def faults(self, value: Value, path: Path) -> Iterator[Fault]:
        """Not a mapping, unknown keys with a suggestion, missing keys, and the faults of the values."""
        if not isinstance(value, Mapping):
            keys = "its keys: " + ", ".join(self._names())
            is_of_cli = isinstance(value, list) and any("ParameterKey" in mapping_of(row) for row in value)
            yield Fault(path, f"must be a mapping, not {kind(value)}", _PARAMETER_LIST if is_of_cli else keys)
            return
        known = {key.name: key for key in self.keys}
        # Required keys that are probably misspelled: they are not reported as missing, too.
        meant = set()
        for name, item in value.items():
            if name in known:
                yield from known[name].shape.faults(item, (*path, name))
            else:
                meant.add(closest(name, known))
                yield Fault((*path, name), "unknown key", _unknown(name, tuple(known)))
        for key in self.keys:
            if key.required and key.name not in value and key.name not in meant:
                yield Fault(path, f"the key {key.name} is missing", " ".join(key.description.split()))

    def schema(self) -> dict[str, Value]:
        shown: dict[str, Value] = {
            key.name: {"description": key.description, **key.shape.schema()} for key in self.keys
        }
        required: list[Value] = [key.name for key in self.keys if key.required]
        needs: dict[str, Value] = {"required": required} if required else {}
        return {"type": "object", "properties": shown, **needs, "additionalProperties": False}

    def _names(self) -> list[str]:
        return [key.name for key in self.keys]


_PARAMETER_LIST: Final = (
    "this is the list of the AWS CLI: write a line NAME: VALUE for each below stacks.KEY.parameters; see: aurora-cfn"
    " docs moving-over"
)


def mapping_of(value: Value) -> Mapping[str, Value]:
    """The value, or an empty mapping in place of anything else."""
    return value if isinstance(value, Mapping) else {}


def kind(value: Value) -> str:
    """The type of a value in words."""
    if value is None:
        return "nothing"
    # Before numbers: in Python True is an int.
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return "a number"
    return "text" if isinstance(value, str) else "a mapping" if isinstance(value, Mapping) else "a list"


def quoting(value: Value) -> str:
    """A hint how to write a number or boolean as text."""
    shown = str(value).lower() if isinstance(value, bool) else value
    return f'quote it: "{shown}"' if isinstance(value, int | float) else ""


_OF_OTHER_TOOLS: Final = {
    "template_path": "template",
    "templatefile": "template",
    "stack_name": "name",
    "stackname": "name",
    "stack_tags": "tags",
    "dependencies": "depends_on",
    "notifications": "notification_arns",
    "hooks": "after_deploy",
    "cloudformation_service_role": "role_arn",
    "template_bucket_name": "bucket",
    "project_code": "project",
}
"""Keys of Sceptre's files, and of others, in small letters, and what they are called here."""


def suggestion(given: str, known: tuple[str, ...] | list[str]) -> str:
    """`did you mean ...?` for a similar name, else the known names."""
    if close := closest(given, known):
        return f"did you mean {close}?"
    return f"known: {', '.join(known)}" if known else ""


def closest(given: str, known: Iterable[str]) -> str | None:
    """The known name that is similar, ignoring case, or that says what another tool calls by the given name."""
    # Case is ignored: `Region` is nearer to `region` than any letter-by-letter measure says.
    folded = {name.casefold(): name for name in known}
    if (other := _OF_OTHER_TOOLS.get(given.casefold())) in folded:
        return other
    return next((folded[close] for close in get_close_matches(given.casefold(), folded, 1)), None)


def anchored(pattern: str) -> str:
    """The pattern with anchors, since a JSON Schema pattern may match a part of the text."""
    # With a `|` the two anchors may belong to different alternatives.
    return pattern if pattern.startswith("^") and pattern.endswith("$") and "|" not in pattern else f"^(?:{pattern})$"


def _unknown(name: str, known: tuple[str, ...]) -> str:
    return (
        "YAML 1.2 has no merge keys: write the values out"
        if name == "<<"
        else suggestion(name, known) or "none is known here"
    )
