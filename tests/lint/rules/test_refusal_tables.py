"""Every row of the tables of refusals: a resource that breaks it is found, and one that does not is left alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from aurora_cfn.facts import read_facts
from aurora_cfn.facts.refusals import CombinationRow, Condition, ValueRow, combination_rows, value_rows
from aurora_cfn.lint.refusals import combination_problems, value_problems
from aurora_cfn.lint.variants import variants

# A text that breaks each pattern, and one that does not.
PATTERNS = {
    "DBClusterIdentifier": ("a--b", "orders-2"),
    "DBInstanceIdentifier": ("1st", "orders-2"),
    "MasterUserPassword": ("abc defgh1", "Abcd-efgh.1"),
    "RestoreToTime": ("2026-11-01 10:00", "2026-11-01T10:00:00Z"),
    "RestoreTime": ("2026-11-01", "2026-11-01T10:00:00.5+01:00"),
    "DBSubnetGroupName": ("apps/db", "Apps_db 1.a"),
    "DBSubnetGroupDescription": ("für Daten", "of the data"),
    "Description": ("für Daten's <port>", "from the app (1)"),
    "SnsTopicArn": ("arn:aws:sns:eu-west-1:1:t.fifo", "arn:aws:sns:eu-west-1:1:t"),
    "Name": ("orders db!", "orders/db+a=b@c.d_e-f"),
    "RotationRules.Duration": ("3 hours", "3h"),
    "TargetType": ("AWS::RDS::Cluster", "AWS::RDS::DBCluster"),
    "SecurityGroupIngress[].Description": ("app's port", "port (a)"),
    "SecurityGroupEgress[].Description": ("app's port", "port (a)"),
    "StageName": ("prod stage", "$default"),
    "Environment.Variables{}": ("DB-HOST", "DB_HOST"),
}


def _examples(row: ValueRow) -> Iterator[tuple[Any, bool]]:
    """Values of a row's property, each with whether AWS refuses it."""
    good: Any = PATTERNS[row.property][1] if "pattern" in row.bounds else None
    for name, limit in row.bounds.items():
        if name in {"min", "max"}:
            yield limit, False
            yield limit + (-1 if name == "min" else 1), True
        elif name == "longest":
            yield "a" * limit, False
            yield "a" * (limit + 1), True
        elif name == "shortest":
            yield "a" * limit, False
            yield "a" * (limit - 1), True
        elif name == "one_of":
            yield from ((value, False) for value in limit)
            yield "another", True
        elif name == "none_of":
            yield from ((value.upper(), True) for value in limit)
            yield "another", False
        elif name == "most":
            yield [f"x{number}" for number in range(limit)], False
            yield [f"x{number}" for number in range(limit + 1)], True
        elif name == "prefix":
            yield from ((f"10.0.0.0/{size}", not limit[0] <= size <= limit[1]) for size in (8, *limit, 29))
        else:
            assert name == "pattern"
            yield PATTERNS[row.property][0], True
            yield good, False


def _put(properties: dict[str, Any], path: str, value: Any) -> None:
    """Write a value at a path of a row."""
    head, mark, rest = (re.match(r"([^.\[{]*)(\[\]\.?|\{\}|\.|)(.*)", path) or [""]).groups()  # type: ignore[union-attr]
    if mark == "" and value is None:
        properties.pop(head, None)
    elif mark == "":
        properties[head] = value
    elif mark == "{}":
        properties[head] = {str(value): "x"}
    elif mark.startswith("[]"):
        rows = properties.setdefault(head, [{}]) if rest else value if isinstance(value, list) else [value]
        properties[head] = rows
        if rest:
            _put(rows[0], rest, value)
    else:
        _put(properties.setdefault(head, {}), rest, value)


def _fulfilling(wanted: Condition, path: str, others: Mapping[str, Any]) -> Any:
    """A value for which a condition holds; None for none."""
    if wanted in ("absent", "off", "empty"):
        return None
    if wanted in ("given", "on"):
        return wanted == "on" or "x"
    if isinstance(wanted, list):
        return next((value for value in wanted if value is not None), None)
    assert isinstance(wanted, dict)
    (name, limit), *_ = wanted.items()
    limit = 50 if isinstance(limit, str) else limit
    return {"over": limit, "under": limit, "not over": limit, "not ends": 0}[name] + {"over": 1, "under": -1}.get(
        name, 0
    ) if name != "not ends" else "com.amazonaws.eu-west-1.secretsmanager"  # fmt: skip


def _breaking(wanted: Condition) -> Any:
    """A value for which a condition does not hold."""
    if wanted in ("absent", "empty"):
        return ["x"] if wanted == "empty" else "x"
    if wanted == "off":
        return True
    if wanted in ("given", "on"):
        return None
    if isinstance(wanted, list):
        return "another"
    assert isinstance(wanted, dict)
    (name, limit), *_ = wanted.items()
    limit = 50 if isinstance(limit, str) else limit
    return "com.amazonaws.eu-west-1.s3" if name == "not ends" else limit + {"over": 0, "under": 0, "not over": 1}[name]


def _resources(kind: str, properties: dict[str, Any], through: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"Subject": {"Type": kind, "Properties": properties}}
    for path, value in through.items():
        *steps, last = path.split(">")
        owner = made["Subject"]["Properties"]
        for number, name in enumerate(steps):
            _put(owner, name, [{"Ref": f"R{number}"}] if name.endswith("[]") else {"Ref": f"R{number}"})
            owner = made.setdefault(f"R{number}", {"Type": "X::Y::Z", "Properties": {}})["Properties"]
        _put(owner, last, value)
    return made


def _case(row: CombinationRow, kind: str, broken: str = "") -> dict[str, Any]:
    """A resource that fulfils every condition of a row, or all but one."""
    properties: dict[str, Any] = {}
    through: dict[str, Any] = {}
    start = properties.setdefault(row.each, [{}])[0] if row.each else properties
    compared = (limit for wanted in row.when.values() if isinstance(wanted, dict) for limit in wanted.values())
    for limit in compared:
        if isinstance(limit, str):
            _put(start, limit, 50)
    for path, wanted in row.when.items():
        value = _breaking(wanted) if path == broken else _fulfilling(wanted, path, row.when)
        if ">" in path:
            through[path] = value
        elif value is not None:
            _put(start, path, value)
    return _resources(kind, properties, through)


VALUES = [(row, kind) for kind, rows in value_rows().items() for row in rows]
COMBINATIONS = [(row, kind) for row in combination_rows() for kind in row.types]


def _name(given: Any) -> str:
    return given if isinstance(given, str) else getattr(given, "property", "") or given.message[:40]


@pytest.mark.parametrize(("row", "kind"), VALUES, ids=_name)
def test_a_value_out_of_bounds_is_found(row: ValueRow, kind: str) -> None:
    for value, refused in _examples(row):
        properties: dict[str, Any] = {}
        for path, wanted in row.when.items():
            _put(properties, path, _fulfilling(wanted, path, row.when))
        _put(properties, row.property, {"Ref": "P"} if row.cfn_lint else value)
        template = {"Resources": {"Subject": {"Type": kind, "Properties": properties}},
                    "Parameters": {"P": {"Type": "String", "Default": value}}}  # fmt: skip
        (variant, *_) = variants(template, {})
        problems = [problem for subject in variant.resources(kind) for problem in value_problems(subject, row)]
        assert bool(problems) is refused, value
        assert not row.secret or not any(str(value) in problem.message for problem in problems)


@pytest.mark.parametrize(("row", "kind"), [case for case in VALUES if case[0].when], ids=_name)
def test_a_row_is_asked_only_of_what_it_is_about(row: ValueRow, kind: str) -> None:
    bad = next(value for value, refused in _examples(row) if refused)
    for path in row.when:
        properties: dict[str, Any] = {}
        for name, wanted in row.when.items():
            _put(properties, name, _breaking(wanted) if name == path else _fulfilling(wanted, name, row.when))
        _put(properties, row.property, bad)
        (variant, *_) = variants({"Resources": {"Subject": {"Type": kind, "Properties": properties}}}, {})
        assert not [problem for subject in variant.resources(kind) for problem in value_problems(subject, row)]


@pytest.mark.parametrize(("row", "kind"), COMBINATIONS, ids=_name)
def test_a_combination_is_found_and_each_of_its_conditions_counts(row: CombinationRow, kind: str) -> None:
    (variant, *_) = variants({"Resources": _case(row, kind)}, {})
    (subject,) = [resource for resource in variant.resources(kind) if resource.name == "Subject"]
    (problem,) = combination_problems(subject, row)
    assert problem.path[:2] == ("Resources", "Subject")
    assert "{" not in problem.message
    for path in row.when:
        (variant, *_) = variants({"Resources": _case(row, kind, path)}, {})
        for subject in variant.resources(kind):
            assert not list(combination_problems(subject, row)), path


@pytest.mark.parametrize(("row", "kind"), [*VALUES, *COMBINATIONS], ids=_name)
def test_a_row_names_properties_that_exist(row: ValueRow | CombinationRow, kind: str) -> None:
    known = {"Environment", "VpcConfig"}
    if not kind.startswith("AWS::Serverless::"):
        known = set(PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema["properties"])
    paths = [row.property] if isinstance(row, ValueRow) else [row.each] if row.each else [*row.when, row.at]
    names = {re.split(r"[.\[{>]", path)[0] for path in paths if path}
    # The schema of instances does not have it, and rows for clusters and instances share their conditions.
    assert names <= known | {"WithExpressConfiguration"}


@pytest.mark.parametrize("empty", [[], {}, "", {"Ref": "AWS::NoValue"}])
def test_an_empty_value_does_not_count_as_given(empty: Any) -> None:
    network = {"SecurityGroupIds": empty, "SubnetIds": empty}
    function = {"Type": "AWS::Lambda::Function", "Properties": {"VpcConfig": network}}
    (variant, *_) = variants({"Resources": {"Subject": function}}, {})
    (subject,) = variant.resources("AWS::Lambda::Function")
    about = [row for row in combination_rows() if subject.type in row.types]
    assert about
    assert [problem for row in about for problem in combination_problems(subject, row)] == []


def test_every_source_has_a_page_and_a_day() -> None:
    facts = read_facts("refusals")
    for name, row in facts["sources"].items():
        assert row["url"].startswith(("https://docs.aws.amazon.com/", "https://github.com/")), name
        assert date.fromisoformat(row["date"]) <= date.fromisoformat(facts["as_of"])
    assert {row["source"] for row in (*facts["values"], *facts["combinations"])} == set(facts["sources"])
