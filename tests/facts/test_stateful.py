"""The facts name what exists: every type and property stands in the resource schemas."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from aurora_cfn import facts
from aurora_cfn.facts.interruptions import interruptions
from aurora_cfn.facts.stateful import stateful_types
from aurora_cfn.review.schema import schema, types

FOLDER = Path(facts.__file__).parent


@pytest.mark.parametrize("kind", sorted(stateful_types()))
def test_a_stateful_type_and_its_properties_exist(kind: str) -> None:
    rules, row = schema(kind), stateful_types()[kind]
    assert rules is not None
    named = (row.protection, row.retention, row.member_of, row.restored_from)
    assert {name for name in named if name} <= set(rules.properties)
    assert row.noun
    assert row.loses


@pytest.mark.parametrize("kind", sorted(interruptions().properties))
def test_an_interrupting_property_exists_and_does_not_replace(kind: str) -> None:
    rules = schema(kind)
    assert rules is not None
    for name, row in interruptions().properties[kind].items():
        assert name in rules.properties
        assert (name,) not in rules.create_only
        assert row.sentence
        assert row.source


@pytest.mark.parametrize("table", ["in_place_when", "never"])
def test_exceptions_are_about_properties_that_exist(table: str) -> None:
    for kind, rows in getattr(interruptions(), table).items():
        rules = schema(kind)
        assert rules is not None
        assert set(rows) <= set(rules.properties)


@pytest.mark.parametrize("name", ["stateful.json", "interruptions.json"])
def test_facts_carry_their_sources_and_a_day(name: str) -> None:
    raw = json.loads((FOLDER / name).read_text())
    assert date.fromisoformat(raw["read"]) <= date.today()
    assert all(raw["sources"])


def test_the_databases_that_schemas_know_are_all_stateful() -> None:
    """A new type of database cluster in the schemas must be judged, not forgotten."""
    known = {kind for kind in types() if kind.startswith(("AWS::RDS::", "AWS::DSQL::"))}
    without_data = {kind for kind in known if kind not in stateful_types()}
    assert not [kind for kind in without_data if kind.rpartition("::")[2] in {"DBCluster", "DBInstance", "Cluster"}]


@pytest.mark.parametrize(
    ("kind", "name", "how"),
    [
        ("AWS::RDS::DBCluster", "Port", "restart"),
        ("AWS::RDS::DBCluster", "EngineVersion", "restart"),
        ("AWS::RDS::DBCluster", "DBClusterParameterGroupName", "pending-reboot"),
        ("AWS::RDS::DBCluster", "NetworkType", "connections"),
        ("AWS::RDS::DBInstance", "DBParameterGroupName", "restart"),
        ("AWS::RDS::DBInstance", "OptionGroupName", "none"),
        ("AWS::RDS::DBInstance", "DedicatedLogVolume", "restart"),
    ],
)
def test_what_the_documentation_says_of_an_interruption(kind: str, name: str, how: str) -> None:
    row = interruptions().of(kind, name)
    assert row is not None
    assert row.how == how
