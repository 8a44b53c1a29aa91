"""The values of plain scalars, by the rules of YAML 1.2 for params files and of 1.1 for the booleans of templates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from aurora_cfn.model.value import Scalar, Value

NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
BOOLS_12: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
BOOLS_11: Final = {
    **BOOLS_12,
    **dict.fromkeys(("yes", "Yes", "YES", "on", "On", "ON"), True),
    **dict.fromkeys(("no", "No", "NO", "off", "Off", "OFF"), False),
}
_INT: Final = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_FLOAT: Final = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)([eE][-+]?[0-9]+)?\Z")
# The backslash itself is not escaped where an even number of them stands before it.
_PAIR: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_CORE: Final = "tag:yaml.org,2002:"
_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "bool": (bool,), "int": (int,), "float": (int, float), "null": (type(None),),
}  # fmt: skip
"""The standard tags of values. CloudFormation does not support binary, omap, pairs, set and timestamp."""
TEXT: Final = _CORE + "str"
COLLECTIONS: Final = frozenset({_CORE + "map", _CORE + "seq"})


def plain(text: str, bools: Mapping[str, bool]) -> Scalar:
    """What a scalar without quotes and tag is."""
    if text in NULLS:
        return None
    if text in bools:
        return bools[text]
    # More digits than every 64-bit integer has are an id, not a count: they stay text.
    if _INT.match(text) and len(text) <= 18:
        return int(text)
    # Numbers with leading zeros, such as account ids, stay text.
    if _FLOAT.match(text) and not _INT.match(text.lstrip("+-0") or "0"):
        return float(text)
    return text


def has_core_type(tag: str | None, value: Scalar) -> bool:
    """Whether the tag is a standard one, such as `!!int`, and the value of that type."""
    types = _TYPES.get(tag.removeprefix(_CORE), ()) if tag and tag.startswith(_CORE) else ()
    # True is an int for Python alone.
    return isinstance(value, types) and (bool in types or not isinstance(value, bool))


SHORT: Final = re.compile(r"!([A-Za-z][A-Za-z0-9:]*)\Z")
_BARE: Final = frozenset({"Ref", "Condition"})


def long_name(tag: str) -> str:
    """`Fn::Sub` for the tag `Sub`; `Ref` and `Condition` stay."""
    return tag if tag in _BARE or tag.startswith("Fn::") else f"Fn::{tag}"


def long_form(tag: str | None, value: Value) -> Value:
    """The value under its intrinsic, or the value itself without a tag."""
    if tag is None:
        return value
    if tag == "GetAtt" and isinstance(value, str):
        value = list(value.partition("."))[::2] if "." in value else [value]
    return {long_name(tag): value}


def with_yaml_escapes(text: str) -> str:
    """JSON with each character that it escapes as two surrogates, such as an emoji, escaped as YAML does it.

    Programs in Python write JSON so. Other text comes back as it is.
    """
    if not text.lstrip().startswith("{"):
        return text
    return _PAIR.sub(lambda pair: f"{pair[1]}\\U{_code(int(pair[2], 16), int(pair[3], 16)):08x}", text)


def _code(high: int, low: int) -> int:
    return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)
