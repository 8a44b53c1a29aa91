"""A pair of templates for each row of the effects that has something to say: without the row, its words are gone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aurora_cfn.facts import read_facts
from aurora_cfn.facts.effects import EffectRow, effect_rows
from aurora_cfn.review.changes import changes
from aurora_cfn.template.side import Side
from tests.review.sides import of

TYPES = tuple(dict.fromkeys(kind for row in read_facts("effects")["rows"] for kind in row["types"]))

PAIRS: list[dict[str, Any]] = json.loads(Path(__file__).with_name("effect_pairs.json").read_text())
NO_PAIR = {("AWS::CertificateManager::Certificate", "DomainValidationOptions.HostedZoneId")}
"""The property replaces with all that stands around it."""


def side(pair: dict[str, Any], properties: dict[str, Any]) -> Side:
    kept = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
    return Side(
        {"Resources": {"It": {"Type": pair["type"], "Properties": properties, **kept, **pair.get("attributes", {})}}}
    )


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair['type']}.{pair['property']}: {pair['says'][:40]}")
def test_what_the_change_of_a_property_does(pair: dict[str, Any]) -> None:
    change = of(changes(side(pair, pair["before"]), side(pair, pair["after"])), "It")
    found = [effect for effect in change.effects if pair["says"] in effect.sentence]
    assert found, change.effects
    assert (found[0].verdict.word, found[0].fails, found[0].maybe) == (pair["verdict"], pair["fails"], pair["maybe"])


def test_every_row_that_says_something_has_a_pair() -> None:
    def has_pair(row: EffectRow) -> bool:
        says = row.says or "not known"
        mine = [pair["says"] for pair in PAIRS if (pair["type"], pair["property"]) == (row.type, row.property)]
        return any(said and said in says for said in mine)

    rows = [row for kind in TYPES for row in effect_rows(kind) if row.says or row.does == "unknown"]
    assert len(rows) > 200
    missing = {(row.type, row.property) for row in rows if not has_pair(row)}
    # The template of a nested stack is judged by a rule of its own.
    assert missing - NO_PAIR == {("AWS::CloudFormation::Stack", "TemplateURL")}
