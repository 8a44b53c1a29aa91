"""The parameters of PostgreSQL and MySQL as the engines name them: which exist, and what values they take."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, TypeAlias

from aurora_cfn.facts import read_facts

Engine: TypeAlias = Literal["postgresql", "mysql"]


def engine_of(family: str) -> Engine | None:
    """The engine of a parameter group family such as `aurora-postgresql17`, `postgres16` or `mariadb10.11`."""
    name = family.lower().removeprefix("aurora-")
    if name.startswith("postgres"):
        return "postgresql"
    return "mysql" if name.startswith(("mysql", "mariadb")) else None


@cache
def parameter_names(engine: Engine) -> frozenset[str]:
    """Names of an engine's parameters, written with underscores; of MySQL those in common use."""
    facts = read_facts("parameter_values")
    if engine == "mysql":
        return frozenset(facts["mysql"])
    rows = facts["postgresql"]
    return frozenset((*rows["switches"], *rows["integers"], *rows["others"]))


def is_switch(name: str) -> bool:
    """Whether a parameter of PostgreSQL is on or off, which RDS writes as 1 or 0."""
    return name in read_facts("parameter_values")["postgresql"]["switches"]


def integer_bounds(name: str) -> tuple[int, int] | None:
    """Smallest and largest value of an integer parameter of PostgreSQL, None for another parameter."""
    found = read_facts("parameter_values")["postgresql"]["integers"].get(name)
    return None if found is None else (found[0], found[1])


def name_problem(name: str, engine: Engine) -> tuple[str, str]:
    """What is wrong with the name of a parameter, and what to do; two empty texts for one that may exist.

    A name is wrong when it is one letter away from a parameter of the engine, or is one of another engine.
    """
    own, others = parameter_names(engine), parameter_names("mysql" if engine == "postgresql" else "postgresql")
    if name in others and name not in own:
        return f"has no parameter {name}, which is one of another engine", ""
    meant = misspelled(name, engine)
    return (f"has no parameter {name}", f"write {meant}") if meant else ("", "")


def value_problem(name: str, text: str) -> tuple[str, str]:
    """What is wrong with a value of a PostgreSQL parameter, and what to do; two empty texts where nothing is known."""
    bounds = integer_bounds(name)
    if is_switch(name) and text not in {"0", "1"}:
        return f"{name} {text!r} is not 0 or 1", "write 1 for on and 0 for off"
    # Of a formula such as LEAST({DBInstanceClassMemory/9531392},5000) nothing is known.
    if bounds and re.fullmatch(r"[A-Za-z_]+|\d+ ?[A-Za-z]+", text):
        return f"{name} {text!r} is not a whole number", "RDS takes it without a unit, in that of the parameter"
    if bounds and re.fullmatch(r"-?\d+", text) and not bounds[0] <= int(text) <= bounds[1]:
        return f"{name} {text} is not between {bounds[0]} and {bounds[1]}", f"use {bounds[0]} to {bounds[1]}"
    return "", ""


def misspelled(name: str, engine: Engine) -> str:
    """The parameter that a name is one letter away from; empty when it is a name itself or near none."""
    names = parameter_names(engine)
    plain = name.lower().replace("-", "_")
    if plain in {row.lower() for row in names}:
        return ""
    return next((row for row in sorted(names) if _one_letter_away(plain, row.lower())), "")


def _one_letter_away(one: str, other: str) -> bool:
    """Whether one letter is missing, added, changed, or swapped with the next."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    left, right = one[start:], other[start:]
    swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
    return left[1:] == right[1:] or left[1:] == right or left == right[1:] or (len(left) > 1 and swapped)
