"""The facts name what exists: every type and property stands in the resource schemas."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from cfnlint.data import AdditionalSpecs

from aurora_cfn import facts
from aurora_cfn.facts import read_facts
from aurora_cfn.facts.stateful import stateful_types
from aurora_cfn.template.resource_schema import schema
from tests.facts.schemas import digests

FOLDER = Path(facts.__file__).parent


@pytest.mark.parametrize("kind", sorted(stateful_types()))
def test_a_stateful_type_and_its_properties_exist(kind: str) -> None:
    rules, row = schema(kind), stateful_types()[kind]
    assert rules is not None
    named = (row.protection, row.retention, row.member_of, row.restored_from)
    assert {name for name in named if name} <= set(rules.properties)
    assert row.noun
    assert row.loses


@pytest.mark.parametrize("name", ["stateful.json", "effects.json"])
def test_facts_carry_their_sources_and_a_day(name: str) -> None:
    raw = json.loads((FOLDER / name).read_text())
    assert date.fromisoformat(raw["read"]) <= date.today()
    assert all(raw["sources"])


LEFT_OUT = {name: why for why, names in read_facts("stateful")["left_out"].items() for name in names}
KEEPERS = re.compile(
    r"(Database|Table|Cluster|DBInstance|InfluxDBInstance|Volume|FileSystem|Bucket|Queue|Stream|Vault|Repository|"
    r"Keyspace|Ledger|LogGroup|Snapshot|Store|Datastore|Archive|Disk|Cache|UserPool|Directory|MicrosoftAD|SimpleAD|"
    r"Graph)$"
)


def test_each_type_that_sounds_like_data_is_judged() -> None:
    """A new type of the schemas must be judged, not forgotten."""
    known = {kind for kind in digests() if KEEPERS.search(kind)}
    assert len(known) > 100
    assert sorted(known - stateful_types().keys() - LEFT_OUT.keys()) == []
    assert sorted(stateful_types().keys() & LEFT_OUT.keys()) == []
    assert sorted(LEFT_OUT.keys() - digests().keys()) == []


def test_the_types_that_cfn_lint_takes_for_stateful_are_ours_too_or_are_left_out_for_a_reason() -> None:
    theirs = json.loads((Path(AdditionalSpecs.__file__).parent / "StatefulResources.json").read_text())["ResourceTypes"]
    assert sorted(theirs.keys() - stateful_types().keys()) == ["AWS::DocDB::DBInstance", "AWS::Neptune::DBInstance"]
    assert "holds the data" in LEFT_OUT["AWS::Neptune::DBInstance"]
