"""Parameter values and references in YAML, to the text that CloudFormation takes; with the parameter's bounds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from aurora_cfn.environment.shapes import Fault, anchored, kind, quoting, suggestion
from aurora_cfn.model.environment import EnvRef, ListRef, OutputRef, ParameterValue, Reference, SsmRef, StackRef
from aurora_cfn.model.value import Path, Value
from aurora_cfn.parameters import Parameter, scalar_text

# 100 characters, which leave room for the environment in a stack's name of at most 128.
STACK_KEY = "[A-Za-z][A-Za-z0-9-]{0,99}"
STACK_KEY_RULE = "letters, digits and hyphens, starting with a letter, at most 100"


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of reference: its pattern, an example for messages, and its type."""

    description: str
    pattern: str
    example: str
    build: Callable[[str], Reference]


KINDS: dict[str, _Kind] = {
    "stack": _Kind("The name of another stack of this file.", STACK_KEY, "{stack: network}", StackRef),
    "output": _Kind(
        "An output of another stack of this file, known once that one is deployed.",
        rf"{STACK_KEY}\.[A-Za-z0-9]+",
        "{output: network.VpcId}",
        lambda text: OutputRef(*text.split(".")),
    ),
    "ssm": _Kind(
        "The value of an SSM parameter, read when the stack is deployed.",
        # A name has at most 1011 characters (PutParameter, API reference); a version may follow.
        r"[A-Za-z0-9_./-]{1,1011}(:[0-9]+)?",
        "{ssm: /team/vpc-id}",
        SsmRef,
    ),
    "env": _Kind(
        "A variable of the shell that runs the command.", "[A-Za-z_][A-Za-z0-9_]{0,254}", "{env: DB_USER}", EnvRef
    ),
}
_EXAMPLES = " or ".join(row.example for row in KINDS.values())


def faults(value: Mapping[str, Value], path: Path) -> Iterator[Fault]:
    """Faults of a mapping in place of a parameter's value."""
    if len(value) != 1:
        yield Fault(path, "a reference has exactly one key", f"such as {_EXAMPLES}")
        return
    ((name, text),) = value.items()
    if name not in KINDS:
        yield Fault(path, f"{name!r} is not a kind of reference", suggestion(name, tuple(KINDS)))
    elif not isinstance(text, str):
        yield Fault(path, f"the reference {name} needs text, not {kind(text)}", f"such as {KINDS[name].example}")
    elif not re.fullmatch(KINDS[name].pattern, text):
        yield Fault(path, f"the text does not fit the reference {name}", f"such as {KINDS[name].example}")


def read_reference(value: Mapping[str, Value]) -> Reference:
    """The reference of a mapping without faults."""
    ((name, text),) = value.items()
    return KINDS[name].build(str(text))


def schema() -> dict[str, Value]:
    """The JSON Schema of all references."""
    options: list[Value] = [_option(name, row) for name, row in KINDS.items()]
    return {"description": f"A value from elsewhere: {_EXAMPLES}", "anyOf": options}


def _option(name: str, row: _Kind) -> dict[str, Value]:
    text: dict[str, Value] = {"type": "string", "description": row.description, "pattern": anchored(row.pattern)}
    return {"type": "object", "properties": {name: text}, "required": [name], "additionalProperties": False}


_SECRET_HINT = "write {ssm: /path} or {env: NAME}: a params file is committed and read by many"


@dataclass(frozen=True, slots=True)
class ParameterShape:
    """The value of one row of a template's table, or a reference to it."""

    row: Parameter

    def faults(self, value: Value, path: Path) -> Iterator[Fault]:
        """Wrong type, out of bounds, or a secret in plain text."""
        if isinstance(value, Mapping):
            yield from faults(value, path)
        elif what := _credential(value):
            # Before every other fault: those repeat the value.
            yield Fault(path, f"looks like {what}, which must not be in a params file", _SECRET_HINT)
        elif wrong := _type_fault(self.row, value, path):
            yield wrong
        elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
            yield from _item_faults(self.row, value, path)
        elif self.row.no_echo:
            yield Fault(path, "a secret must not be written in plain text", _SECRET_HINT)
        elif problem := self.row.problem(to_text(value)):
            yield Fault(path, problem, _bounds(self.row, problem))

    def schema(self) -> dict[str, Value]:
        elsewhere: Value = {"$ref": "#/$defs/reference"}
        about: dict[str, Value] = {"description": _described(self.row)}
        if self.row.default not in (None, "") and not self.row.no_echo:
            about["default"] = self.row.default
        return about | {"anyOf": [elsewhere] if self.row.no_echo else [*_plain(self.row), elsewhere]}


def _item_faults(row: Parameter, value: list[Value], path: Path) -> Iterator[Fault]:
    """Faults of a list of texts and outputs: what an output holds is known when its stack is deployed."""
    for number, item in enumerate(value):
        where = (*path, number)
        if isinstance(item, Mapping):
            yield from faults(item, where)
            if tuple(item) != ("output",) and not tuple(faults(item, where)):
                yield Fault(where, "in a list only outputs can be referred to", f"such as {KINDS['output'].example}")
        elif problem := row.problem(to_text(item)):
            yield Fault(where, problem, _bounds(row, problem))


def read(value: Value) -> ParameterValue:
    """The text or reference of a value without faults."""
    if isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        return ListRef(tuple(_item(item) for item in value))
    return read_reference(value) if isinstance(value, Mapping) else to_text(value)


def _item(value: Value) -> str | OutputRef:
    found = read(value)
    assert isinstance(found, str | OutputRef)
    return found


def to_text(value: Value) -> str:
    """A scalar or list of scalars as CloudFormation takes it: `true`, `4` for 4.0, `a,b`."""
    if isinstance(value, list):
        return ",".join(map(to_text, value))
    assert isinstance(value, str | int | float)
    return scalar_text(value)


# Text around a key keeps it from being one: such ids also occur inside of longer encoded texts.
_CREDENTIALS = (
    (re.compile(r"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Z0-9])"), "an access key of AWS"),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"), "a private key"),
    (re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s:/@]+:[^\s/@]+@"), "a URL with a password"),
)
"""AKIA begins long-term access keys, ASIA those of STS (API reference of STS, GetAccessKeyInfo, read 2026-11-28).

That 16 letters and digits of base 32 follow is how all known keys look, not a documented promise.
"""


def _credential(value: Value) -> str:
    """What the value looks like if it is a credential, else empty."""
    if isinstance(value, list):
        return next(filter(None, map(_credential, value)), "")
    if not isinstance(value, str):
        return ""
    return next((what for pattern, what in _CREDENTIALS if pattern.search(value)), "")


def _type_fault(row: Parameter, value: Value, path: Path) -> Fault | None:
    """A fault of the type.

    A number in place of text is refused, since YAML reads 17.10 as 17.1, unless it is one of the allowed values. A
    quoted number in place of a number is refused too, so that there is one spelling of each value.
    """
    if value is None:
        hint = "or leave the line out" + (f" for the default {row.default_text!r}" if row.default_text else "")
        return Fault(path, "has no value", f"write one, {hint}")
    if isinstance(value, list):
        return _list_fault(row, value, path)
    if row.is_number and (isinstance(value, bool) or not isinstance(value, int | float)):
        number = isinstance(value, str) and row.problem(value) is None
        return Fault(path, f"must be a number, not {kind(value)}", f"write {value} without quotes" if number else "")
    return None if row.is_number else _text_fault(row, value, path)


def _text_fault(row: Parameter, value: Value, path: Path) -> Fault | None:
    if isinstance(value, str) or (row.allowed and isinstance(value, int | float) and float(value).is_integer()):
        return None
    hint = 'quote it as it should read, such as "17.10"' if isinstance(value, float) else quoting(value)
    return Fault(path, f"must be text, not {kind(value)}", hint)


def _list_fault(row: Parameter, value: list[Value], path: Path) -> Fault | None:
    if not row.takes_items:
        return Fault(path, f"must be {'a number' if row.is_number else 'text'}, not a list")
    for number, item in enumerate(value):
        if isinstance(item, Mapping):
            continue
        if wrong := _text_fault(row, item, (*path, number)):
            return wrong
        if not row.is_list and not to_text(item):
            return Fault((*path, number), "an item is empty", "leave it out")
        if "," in to_text(item):
            return Fault((*path, number), "an item has a comma, which separates items", "make it two items")
        # CloudFormation trims items, and editors compare them as they are written.
        if row.is_list and to_text(item) != to_text(item).strip():
            return Fault((*path, number), "an item begins or ends with white space", "write it without")
    return None if value else Fault(path, "the list is empty", "leave the line out, or name at least one item")


def _bounds(row: Parameter, problem: str) -> str:
    bounds = row.bounds()
    return f"it takes {bounds}" if bounds and bounds not in problem else ""


def _described(row: Parameter) -> str:
    bounds = row.bounds()
    return f"{row.description} ({bounds})" if bounds and bounds not in row.description else row.description


_LIST_ITEM = r"^(?!\s|[\s\S]*\s$)[^,]*$"
"""Text without commas, and without white space at its beginning and its end."""


def _plain(row: Parameter) -> list[Value]:
    if row.is_number:
        return [_number(row)]
    item = _text(row)
    # A list in one text cannot be checked by a pattern of its items, so editors accept any text there.
    whole: Value = {"type": "string"} if row.is_list else item
    outputs: Value = {"$ref": "#/$defs/reference"}
    items: Value = {"anyOf": [item, *_readable(row), outputs], "pattern": _LIST_ITEM if row.is_list else "^[^,]+$"}
    listed: list[Value] = [{"type": "array", "items": items, "minItems": 1}] if row.takes_items else []
    return [whole, *_readable(row), *listed]


def _number(row: Parameter) -> dict[str, Value]:
    bounds = {"minimum": row.low, "maximum": row.high, "multipleOf": row.step}
    allowed: dict[str, Value] = {"enum": [_parsed(text) for text in row.allowed]} if row.allowed else {}
    return {"type": "number", **{name: bound for name, bound in bounds.items() if bound is not None}, **allowed}


def _text(row: Parameter) -> dict[str, Value]:
    bounds: dict[str, Value] = {
        "enum": list(row.allowed) or None,
        "pattern": anchored(row.value_pattern) if row.value_pattern else None,
        "minLength": row.min_length,
        "maxLength": row.max_length,
    }
    return {"type": "string", **{name: bound for name, bound in bounds.items() if bound is not None}}


def _readable(row: Parameter) -> list[Value]:
    """The allowed values that YAML reads as a boolean or an integer."""
    words: list[Value] = [word for word in map(_parsed, row.allowed) if isinstance(word, int)]
    return [{"enum": words}] if words else []


def _parsed(text: str) -> str | int | float | bool:
    if text in ("true", "false"):
        return text == "true"
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() else number
