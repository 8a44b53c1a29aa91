"""The short forms of intrinsic functions (`!Sub`) and their long ones (`Fn::Sub`)."""

from __future__ import annotations

import re
from typing import Final

from aurora_cfn.model.value import Value

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
