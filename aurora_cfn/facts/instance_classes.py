"""The instance classes that RDS has in some region, by family and size."""

from __future__ import annotations

import re

from aurora_cfn.facts import read_facts

_CLASS = re.compile(r"db\.([a-z0-9-]+)\.([a-z0-9-]+(?:\.[a-z0-9.-]+)?)\Z")


def sizes_instead(kind: str, *, aurora: bool) -> tuple[str, ...]:
    """Sizes of the family of a class such as `db.t4g.nano` that has no such size; none for one that may exist."""
    found = _CLASS.match(kind.lower())
    sizes = read_facts("instance_classes")["sizes"]["aurora" if aurora else "rds"].get(found[1], []) if found else []
    return () if found is None or found[2] in sizes else tuple(sizes)


def is_foreign_to_aurora(kind: str) -> bool:
    """Whether the family of a class is general purpose (db.m) or high frequency (db.z), which Aurora has never had."""
    found = _CLASS.match(kind.lower())
    return found is not None and found[1][0] in "mz" and found[1] in read_facts("instance_classes")["sizes"]["rds"]


def is_class(kind: str) -> bool:
    """Whether a text has the form of an instance class."""
    return kind.lower() == "db.serverless" or _CLASS.match(kind.lower()) is not None
