"""Where a template names local files and folders: code, definitions, nested templates, included parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from aurora_cfn.facts import read_facts
from aurora_cfn.model.value import Path, Value
from aurora_cfn.template.foreach import LOOP


@dataclass(frozen=True, slots=True)
class LocalProperty:
    """One property. Without `names` it takes the address of the uploaded file as text, else a mapping with these keys.

    `zipped`: a single file is put into a zip too. `template`: the file is a template, packaged before the outer one.
    """

    path: tuple[str, ...]
    names: tuple[str, ...] = ()
    zipped: bool = False
    template: bool = False


@cache
def local_properties() -> dict[str, tuple[LocalProperty, ...]]:
    """By resource type: those of `aws cloudformation package`, and two newer ones (HttpApi, CodeS3Location)."""
    found: dict[str, tuple[LocalProperty, ...]] = {}
    for row in read_facts("local_paths")["properties"]:
        path, names = tuple(row["property"].split(".")), tuple(row.get("names", ()))
        one = LocalProperty(path, names, row.get("zipped", False), row.get("template", False))
        found[row["type"]] = (*found.get(row["type"], ()), one)
    return found


_REMOTE: Final = re.compile(r"(s3|https?)://")
_INCLUDED: Final = LocalProperty(("Location",))
_GLOBAL_TYPES: Final = {"Function": "AWS::Serverless::Function", "LayerVersion": "AWS::Serverless::LayerVersion"}
"""Sections of SAM's Globals, and the type whose properties they set."""


@dataclass(frozen=True, slots=True)
class LocalPath:
    """A local path at a place of a template; `early`: CloudFormation reads the file while it makes a change set."""

    place: Path
    value: str
    property: LocalProperty
    early: bool = False


def local_paths(template: Mapping[str, Value]) -> list[LocalPath]:
    """Every local path in the template; an intrinsic, an address in S3 and inline code are none."""
    return [row for row in _paths(template) if not _REMOTE.match(row.value)]


def stored_paths(template: Mapping[str, Value]) -> list[LocalPath]:
    """The addresses in S3 in place of local paths, as in a template that was packaged."""
    return [row for row in _paths(template) if _REMOTE.match(row.value)]


def _paths(template: Mapping[str, Value]) -> list[LocalPath]:
    found = [*_of_resources(template.get("Resources"), ("Resources",)), *_of_globals(template.get("Globals"))]
    return [*found, *_included(template, ())]


def _of_resources(resources: Value, place: Path) -> Iterator[LocalPath]:
    if not isinstance(resources, Mapping):
        return
    for name, row in resources.items():
        if name.startswith(LOOP) and isinstance(row, list):
            # The third argument is the fragment that the loop repeats.
            for number, fragment in enumerate(row[2:], 2):
                yield from _of_resources(fragment, (*place, name, number))
        elif isinstance(row, Mapping):
            properties = local_properties().get(str(row.get("Type")), ())
            yield from _of_properties(row.get("Properties"), properties, (*place, name, "Properties"))


def _of_globals(sections: Value) -> Iterator[LocalPath]:
    if isinstance(sections, Mapping):
        for name, row in sections.items():
            properties = local_properties().get(_GLOBAL_TYPES.get(name, ""), ())
            yield from _of_properties(row, properties, ("Globals", name))


def _of_properties(row: Value, properties: tuple[LocalProperty, ...], place: Path) -> Iterator[LocalPath]:
    for one in properties:
        value: Value = row
        for key in one.path:
            value = value.get(key) if isinstance(value, Mapping) else None
        if isinstance(value, str) and value:
            yield LocalPath((*place, *one.path), value, one, one.template)


def _included(node: Value, place: Path) -> Iterator[LocalPath]:
    """The files of AWS::Include, which may be anywhere: under Fn::Transform, or in the Transform section."""
    if isinstance(node, list):
        for number, item in enumerate(node):
            yield from _included(item, (*place, number))
    elif isinstance(node, Mapping):
        in_section = place == ("Transform",) or (len(place) == 2 and place[0] == "Transform")
        if node.get("Name") == "AWS::Include" and (in_section or place[-1:] == ("Fn::Transform",)):
            for row in _of_properties(node.get("Parameters"), (_INCLUDED,), (*place, "Parameters")):
                yield replace(row, early=True)
            return
        for key, item in node.items():
            yield from _included(item, (*place, key))
