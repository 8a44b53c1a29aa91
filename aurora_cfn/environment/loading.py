"""Params text to Environment: every complaint at once, each with file, line, key and the bound that it breaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from aurora_cfn.blueprint import Blueprint
from aurora_cfn.environment.combinations import combinations
from aurora_cfn.environment.drafts import drafts
from aurora_cfn.environment.keys import environment_record
from aurora_cfn.environment.naming import check_environment_name
from aurora_cfn.environment.region import foreign_arns, region_doubt
from aurora_cfn.environment.relations import relations
from aurora_cfn.environment.scope import Scope
from aurora_cfn.environment.shapes import Fault
from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.model.environment import Environment, EnvironmentStack
from aurora_cfn.model.finding import Finding
from aurora_cfn.model.value import Path
from aurora_cfn.yamltext import Document, read_with_faults

_EMPTY_HINT = "it needs at least `region` and `stacks`"


def load(text: str, path: str, name: str, blueprints: Mapping[str, Blueprint]) -> Environment:
    """The environment `name` that the text of the file at `path` says; raises InputError with every complaint."""
    check_environment_name(name)
    document = read_with_faults(text, path)
    if document.value is None:
        raise InputError((*document.faults, Complaint("the file is empty", path, 1, hint=_EMPTY_HINT)))
    faults = [*environment_record(blueprints).faults(document.value, ()), *_more(document)]
    stacks = drafts(document, name, blueprints, {fault.path for fault in faults})
    scope = Scope(path, stacks, _declared(document), blueprints)
    combined = [row for stack in stacks for row in combinations(stack, scope)]
    found = [*document.faults, *_told(document, path, faults), *relations(scope)]
    found += [complaint for check, complaint in combined if check.severity == "error"]
    if found:
        raise InputError(sorted(found, key=lambda complaint: complaint.line or 0))
    doubts = [*_doubted_region(document, path), *(complaint for _, complaint in combined)]
    return _environment(document, path, name, stacks, doubts)


def _told(document: Document, path: str, faults: Sequence[Fault]) -> Iterator[Complaint]:
    """The faults with their places; a value that stands twice or has a tag is not judged."""
    unclear = {fault.key for fault in document.faults}
    for fault in faults:
        key = ".".join(map(str, fault.path))
        if not key or key not in unclear:
            yield Complaint(fault.what, path, document.line(fault.path), key, fault.hint)


def _doubted_region(document: Document, path: str) -> Iterator[Complaint]:
    root: Any = document.value
    doubt = region_doubt(root["region"])
    if doubt:
        yield Complaint(doubt, path, document.line(("region",)), "region")


def _declared(document: Document) -> tuple[str, ...]:
    stacks = document.value.get("stacks") if isinstance(document.value, Mapping) else None
    return tuple(stacks) if isinstance(stacks, Mapping) else ()


def _more(document: Document) -> Iterator[Fault]:
    """What the shapes cannot say: keys that exclude each other, days that no calendar has."""
    root = document.value
    if isinstance(root, Mapping) and root.get("express") is True and root.get("protect") is True:
        yield Fault(("express",), "express mode does not roll back, so a protected environment may not use it")
    if isinstance(root, Mapping):
        yield from foreign_arns(root)
    for path in document.lines:
        if path[:1] == ("stacks",) and path[-1] == "until" and "allow_replace" in path:
            yield from _day(_at(root, path), path)


def _day(value: Any, path: Path) -> Iterator[Fault]:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        if isinstance(value, str) and len(value) == len("2026-12-31"):
            yield Fault(path, f"there is no day {value}")


def _at(value: Any, path: Path) -> Any:
    for part in path:
        value = value[part]
    return value


def _environment(
    document: Document, path: str, name: str, stacks: tuple[EnvironmentStack, ...], doubts: Sequence[Complaint]
) -> Environment:
    root: Any = document.value
    plain = ("account", "profile", "role_arn", "bucket")
    return Environment(
        name=name,
        path=path,
        region=root["region"],
        stacks=stacks,
        tags=root.get("tags", {}),
        protect=root.get("protect", False),
        endpoint=root.get("endpoint", "aws"),
        notification_arns=tuple(root.get("notification_arns", ())),
        express=root.get("express", False),
        warnings=tuple(Finding("params", "warning", row.what, path, row.line or 1, key=row.key) for row in doubts),
        **{key: root.get(key) for key in plain},
    )
