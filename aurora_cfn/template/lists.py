"""Functions that make a list, take from one, or turn a value into text."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, Final

from aurora_cfn.model.value import Value
from aurora_cfn.template.forms import Hidden, hidden, intrinsic, is_text, may_be_nothing, uncertain
from aurora_cfn.template.reader import Function, Reader, arguments, of_two

_MOST_NETWORKS: Final = 256
"""Fn::Cidr gives 1 to 256 ranges (CloudFormation guide, Fn::Cidr)."""


@of_two
def _select(_: Reader, index: Value, items: Value) -> Value:
    # Under ten digits: Python refuses to convert texts of thousands of digits.
    position = int(index) if isinstance(index, str) and index.isdecimal() and len(index) < 10 else None
    # An item that may be nothing moves the positions of those behind it.
    if position is None or not isinstance(items, list) or any(map(may_be_nothing, items[: position + 1])):
        return {"Fn::Select": [index, items]}
    chosen: Value = items[position] if position < len(items) else {"Fn::Select": [index, items]}
    return chosen


@of_two
def _split(_: Reader, delimiter: Value, text: Value) -> Value:
    if not isinstance(delimiter, str) or not isinstance(text, str) or not delimiter:
        return {"Fn::Split": [delimiter, text]}
    parts = text.split(delimiter)
    return [Hidden(part) for part in parts] if isinstance(text, Hidden) else list(parts)


def _cidr(reader: Reader, argument: Value) -> Value:
    """`Fn::Cidr: [block, count, bits]`: the first `count` ranges of the block that have `bits` bits for hosts."""
    triple = arguments(argument, 2, 3)
    if triple is None:
        return None
    values = [reader.value(part) for part in triple]
    ranges = _ranges(*values) if all(map(is_text, values)) else None
    return {"Fn::Cidr": values} if ranges is None else ranges


def _ranges(block: Any, count: Any, bits: Any = None) -> list[Value] | None:
    try:
        network = ipaddress.ip_network(block)
        # Without bits an IPv6 block is cut into /64 ranges; an IPv4 block needs them.
        prefix = 64 if bits is None and network.version == 6 else network.max_prefixlen - int(bits)
        wanted = int(count)
        rows: list[Value] = [
            str(row) for row in islice(network.subnets(new_prefix=prefix), min(wanted, _MOST_NETWORKS))
        ]
    except (ValueError, TypeError):
        return None
    # Fewer than asked for: CloudFormation refuses it, so there is no value.
    return rows if len(rows) == wanted else None


def _length(reader: Reader, argument: Value) -> Value:
    items = reader.value(argument)
    if isinstance(items, list) and not any(map(may_be_nothing, items)):
        return str(len(items))
    return {"Fn::Length": items}


def _to_json_string(reader: Reader, argument: Value) -> Value:
    """JSON text of an argument that is wholly known."""
    value = reader.value(argument)
    if uncertain(value) or hidden(value) or _has_function(value):
        return {"Fn::ToJsonString": value}
    # From the raw argument: in normal form 1 and true would be texts.
    return json.dumps(_typed(reader, argument), separators=(",", ":"))


def _has_function(value: Value) -> bool:
    if intrinsic(value) is not None:
        return True
    if isinstance(value, Mapping):
        return any(map(_has_function, value.values()))
    return isinstance(value, Sequence) and not isinstance(value, str) and any(map(_has_function, value))


def _typed(reader: Reader, raw: Value) -> Value:
    if intrinsic(raw) is not None:
        return reader.value(raw)
    if isinstance(raw, Mapping):
        return {key: _typed(reader, item) for key, item in raw.items()}
    if isinstance(raw, Sequence) and not isinstance(raw, str):
        return [_typed(reader, item) for item in raw]
    return raw


LIST_FUNCTIONS: Final[Mapping[str, Function]] = {
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::Cidr": _cidr,
    "Fn::Length": _length,
    "Fn::ToJsonString": _to_json_string,
    # The function around its text: a reviewer reads the text, and equal texts have equal encodings.
    "Fn::Base64": lambda reader, argument: {"Fn::Base64": reader.value(argument)},
    # The Availability Zones, which only AWS knows; an empty region is the stack's own.
    "Fn::GetAZs": lambda reader, argument: {"Fn::GetAZs": reader.value(argument) or reader.ref("AWS::Region")},
}
