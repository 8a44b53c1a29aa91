"""The tables of `facts.refusals` applied to a resource: paths, conditions and bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from ipaddress import ip_network
from typing import Any

from aurora_cfn.facts.refusals import CombinationRow, Condition, Conditions, ValueRow
from aurora_cfn.facts.versions import first_with, read_version, supports
from aurora_cfn.lint.found import Found
from aurora_cfn.lint.production import is_production
from aurora_cfn.lint.rule import Problem
from aurora_cfn.lint.variant import Resource, items, step


def value_problems(resource: Resource, row: ValueRow) -> Iterator[Problem]:
    """Values of the property that are certainly out of the row's bounds."""
    start = resource.get()
    if all(holds(resource, start, path, wanted) for path, wanted in row.when.items()):
        for found in places(resource, start, row.property):
            if _is_out(resource, found, row.bounds) and not (row.cfn_lint and is_literal(resource, found)):
                shown = "" if row.secret or not isinstance(found.value, str | int | float) else f" {found.text!r}"
                leaf = re.sub(r"\W", "", re.split(r"[.>]", row.property)[-1])
                yield Problem(found.path, f"AWS refuses the {leaf}{shown}", f"use {row.says}", row.source.url)


def combination_problems(resource: Resource, row: CombinationRow) -> Iterator[Problem]:
    """A problem for the resource, or for each entry of a list, of which every condition of the row certainly holds."""
    starts = places(resource, resource.get(), f"{row.each}[]") if row.each else (resource.get(),)
    for start in starts:
        if all(holds(resource, start, path, wanted) for path, wanted in row.when.items()):
            place = next(places(resource, start, row.at), start) if row.at else start
            path = place.path if not place.absent else start.path if row.each else resource.path
            message = row.message.replace("{name}", resource.name)
            for key, text in _texts(resource, start, row.when):
                message = message.replace(f"{{{key}}}", text)
            yield Problem(path, message, row.fix, row.source.url)


def holds(resource: Resource, start: Found, path: str, wanted: Condition) -> bool:
    """Whether a condition certainly holds at the place, or at one of the places, that the path leads to."""
    return any(_holds(resource, start, found, wanted) for found in places(resource, start, path))


def places(resource: Resource, start: Found, path: str) -> Iterator[Found]:
    """What a path leads to from a place of the resource: `A.B`, `A[].B`, `A{}` (keys), `A>B` (B of what A names).

    `/A` starts at the properties of the resource, `@A` is an attribute beside them (DeletionPolicy, Type), and a name
    that has a dot of its own stands in quotes: `Parameters.'rds.force_ssl'`.
    """
    if path.startswith("/"):
        start, path = resource.get(), path[1:]
    head, separator, rest = _first(path)
    if head.startswith("@"):
        yield resource.attribute(head[1:])
        return
    found = step(start, head, resource.variant) if head else start
    if separator == "":
        yield found
    elif separator == "[]":
        for row in items(found, resource.variant) or ():
            yield from places(resource, row, rest) if rest else (row,)
    elif separator == "{}":
        yield from (Found(key, (*found.path, key)) for key in found.mapping if isinstance(key, str))
    elif separator == ">":
        target = resource.variant.target(found)
        if target is not None:
            yield from places(target, target.get(), rest)
    else:
        yield from places(resource, found, rest)


# Kept: the few hundred paths of the tables are asked for every resource of every variant.
@cache
def _first(path: str) -> tuple[str, str, str]:
    """The first name of a path, the separator after it, and the rest."""
    found = re.match(r"('[^']*'|[^.\[{>]*)(\[\]|\{\}|\.|>|)(.*)", path)
    assert found is not None
    return found[1].strip("'"), found[2], found[3].removeprefix(".")


def _holds(resource: Resource, start: Found, found: Found, wanted: Condition) -> bool:
    if wanted == "given":
        return found.given and found.value not in ("", [], {})
    if wanted == "absent":
        return found.absent
    if wanted == "empty":
        return found.absent or found.value == [] or found.value == {}
    if wanted == "on":
        return found.flag is True
    if wanted == "off":
        return found.absent or found.flag is False
    if wanted == "production":
        return is_production(resource) is True
    if wanted == "perhaps production":
        return is_production(resource) is not False
    if isinstance(wanted, list):
        texts = {str(row).lower() for row in wanted if row is not None}
        return (None in wanted and found.absent) or (found.known_text or "").lower() in texts
    assert isinstance(wanted, dict)
    return all(_compares(resource, start, found, name, value) for name, value in wanted.items())


def _compares(resource: Resource, start: Found, found: Found, name: str, value: Any) -> bool:
    if name == "not":
        text = found.known_text
        return text is not None and text.lower() not in {str(row).lower() for row in value}
    if name == "not ends":
        last = next(reversed(found.pieces), None)
        return isinstance(last, str) and bool(last) and "{{resolve:" not in last and not last.endswith(tuple(value))
    if name == "matches":
        return re.fullmatch(value, found.known_text or "") is not None
    if name == "lacks":
        version = read_version((resource.get("Engine").text or "").lower(), found.known_text or "")
        return version is not None and supports(version, value, resource.variant.offered) is False
    limit = value if not isinstance(value, str) else next(places(resource, start, value), start).number
    number = found.number
    if number is None or limit is None:
        return False
    return bool({"over": number > limit, "under": number < limit, "not over": number <= limit}[name])


def _is_out(resource: Resource, found: Found, bounds: Mapping[str, Any]) -> bool:
    """Whether the value is known and one of the bounds does not hold for it."""
    if "most" in bounds:
        # An entry may be left out by a condition, so only those that are surely there count.
        there: int = sum(row.given for row in items(found, resource.variant) or ())
        return there > int(bounds["most"])
    text = found.known_text
    if not text:
        return False  # not known, or an empty default that stands for a value to be given
    return any(_breaks(text, found.number, name, limit) for name, limit in bounds.items())


def _breaks(text: str, number: float | None, name: str, limit: Any) -> bool:
    if name in {"min", "max"}:
        return number is not None and bool(number < limit if name == "min" else number > limit)
    if name in {"shortest", "longest"}:
        return bool(len(text) < limit if name == "shortest" else len(text) > limit)
    if name in {"one_of", "none_of"}:
        known = text.lower() in {str(row).lower() for row in limit}
        return known is (name == "none_of")
    if name == "prefix":
        return not limit[0] <= _prefix(text, limit[0]) <= limit[1]
    return name == "pattern" and re.fullmatch(limit, text, re.DOTALL) is None


def _prefix(text: str, otherwise: int) -> int:
    try:
        return ip_network(text, strict=False).prefixlen if "/" in text else otherwise
    except ValueError:
        return otherwise


def is_literal(resource: Resource, found: Found) -> bool:
    """Whether the value is written in the place itself, not reached by a Ref or another function."""
    node: Any = resource.variant.template
    try:
        for key in found.path:
            node = node[key]
    except (KeyError, IndexError, TypeError):
        return False
    return isinstance(node, str | int | float)


def _texts(resource: Resource, start: Found, when: Conditions) -> Iterator[tuple[str, str]]:
    """What a message may name in braces: properties of conditions by path, and for `lacks` {version} and {first}."""
    for path, wanted in when.items():
        found = next(places(resource, start, path), None)
        if found is not None and found.text is not None:
            yield path.strip("/@"), found.text
        if isinstance(wanted, dict) and "lacks" in wanted:
            engine = (resource.get("Engine").text or "").lower()
            version = read_version(engine, found.text or "") if found else None
            yield "version", version.short if version else ""
            yield "first", first_with(engine, wanted["lacks"])
