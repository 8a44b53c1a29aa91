"""References: values that come from elsewhere, written as a mapping with one key."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from aurora_cfn.environment.shapes import Fault, anchored, kind, suggestion
from aurora_cfn.model.environment import EnvRef, OutputRef, Reference, SsmRef, StackRef
from aurora_cfn.model.value import Path, Value

STACK_KEY = "[A-Za-z][A-Za-z0-9-]{0,99}"


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of reference: its text, an example for the one who got it wrong, and what it becomes."""

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
    """What is wrong with a mapping that stands where a reference may stand."""
    if len(value) != 1:
        yield Fault(path, "a reference has exactly one key", f"such as {_EXAMPLES}")
        return
    ((name, text),) = value.items()
    if name not in KINDS:
        yield Fault(path, f"{name!r} is not a kind of reference", suggestion(name, tuple(KINDS)))
    elif not isinstance(text, str):
        yield Fault(path, f"the reference {name} needs text, not {kind(text)}", f"such as {KINDS[name].example}")
    elif not re.fullmatch(KINDS[name].pattern, text):
        yield Fault(path, f"{text!r} does not fit the reference {name}", f"such as {KINDS[name].example}")


def read(value: Mapping[str, Value]) -> Reference:
    """The reference that a faultless mapping says."""
    ((name, text),) = value.items()
    return KINDS[name].build(str(text))


def schema() -> dict[str, Value]:
    """Any one of the references as JSON Schema."""
    options: list[Value] = [_option(name, row) for name, row in KINDS.items()]
    return {"description": f"A value from elsewhere: {_EXAMPLES}", "anyOf": options}


def _option(name: str, row: _Kind) -> dict[str, Value]:
    text: dict[str, Value] = {"type": "string", "description": row.description, "pattern": anchored(row.pattern)}
    return {"type": "object", "properties": {name: text}, "required": [name], "additionalProperties": False}
