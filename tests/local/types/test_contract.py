"""Every type that the templates use creates, answers its attributes, updates and deletes; one stack a type."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.local.conftest import Stacks
from tests.local.types.library import ROWS, stack

ROOT = Path(__file__).parents[3]
TYPES = {row[0] for row in ROWS.values()}


def used() -> set[str]:
    texts = (path.read_text() for path in (ROOT / "templates").glob("*.yaml"))
    return {kind for text in texts for kind in re.findall(r"^    Type: (AWS::\w+::\w+)$", text, re.MULTILINE)}


def test_no_type_of_a_template_is_forgotten() -> None:
    assert len(used()) > 40
    assert used() <= TYPES


def test_no_attribute_that_a_template_asks_for_is_forgotten() -> None:
    asked = set()
    for path in (ROOT / "templates").glob("*.yaml"):
        text = path.read_text()
        kinds = dict(re.findall(r"^  (\w+):\n    Type: (AWS::\w+::\w+)$", text, re.MULTILINE))
        asked |= {
            (kinds[name], attribute)
            for name, attribute in re.findall(r"!GetAtt (\w+)\.([\w.]+)", text)
            if name in kinds
        }
    checked = {(kind, attribute) for kind, _, attributes, _ in ROWS.values() for attribute in attributes.split()}
    assert asked <= checked


@pytest.mark.slow
@pytest.mark.parametrize("name", ROWS)
def test_a_resource_lives_its_whole_life(stacks: Stacks, name: str) -> None:
    outputs = stacks.create("life", stack(name))
    assert all(outputs.values()), outputs
    assert not any("{" in value for value in outputs.values()), outputs
    if ROWS[name][3]:
        assert stacks.update("life", stack(name, changed=True))["Ref"]
    stacks.delete("life")
