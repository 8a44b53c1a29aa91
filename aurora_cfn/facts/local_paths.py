"""The properties that may name a local file or folder, which is uploaded before a deployment."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from aurora_cfn.facts import read_facts


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
