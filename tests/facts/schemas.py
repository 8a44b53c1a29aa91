"""cfn-lint's resource schemas as they are in its files, for checks that the facts are complete."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache

from aurora_cfn.template.resource_schema import REGION, data_folder

FOLDER = data_folder() / "schemas"


@cache
def digests() -> dict[str, str]:
    """The name of the file of every type with a schema."""
    found: dict[str, str] = json.loads((FOLDER / "providers" / f"{REGION}.json").read_bytes())
    return found


def write_only(kind: str) -> Iterator[str]:
    """Dotted names of the properties of a type that cannot be read back."""
    raw = json.loads((FOLDER / "resources" / f"{digests()[kind]}.json").read_bytes())
    for pointer in raw.get("writeOnlyProperties", ()):
        keys = pointer.removeprefix("/properties/").split("/")
        yield ".".join(key for key in keys if key not in {"items", "", "*"})
