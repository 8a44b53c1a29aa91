"""The JSON Schema and the loader say the same: what one accepts the other does, for files and for single values."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aurora_cfn.environment import schema, schema_text
from aurora_cfn.environment.values import ParameterShape, to_text
from aurora_cfn.parameters import Parameter
from aurora_cfn.yamltext import read_plain
from tests.blueprints.known import KNOWN
from tests.environment.evaluator import accepts, errors
from tests.environment.test_loader import BAD_FILES
from tests.environment.toys import GOOD, TEMPLATES, database


def constraints(row: Parameter) -> str:
    """What the template says of the parameter, without its words and its default."""
    emitted = row.emitted().to_dict()
    return json.dumps({key: emitted[key] for key in emitted if key not in {"Description", "Default"}}, sort_keys=True)


DEFINITIONS = schema(TEMPLATES)["$defs"]
EVERY = [row for template in (*TEMPLATES.values(), *KNOWN.values()) for row in template.parameters]
ROWS = list({constraints(row): row for row in EVERY}.values())
"""Parameters that differ in what they take: one judged stands for all that are like it."""
BEYOND_A_SCHEMA = (" is over High", "a protected environment", "occurs twice", "YAML")
"""Words of complaints about what a schema cannot see: combinations, and what is lost when YAML is read."""


def value(text: str) -> Any:
    return read_plain(text, "x").value


def test_the_schema_is_json_and_stable() -> None:
    assert json.loads(schema_text(TEMPLATES)) == schema(TEMPLATES)
    assert schema_text(TEMPLATES) == schema_text(dict(TEMPLATES))
    assert schema(TEMPLATES)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_every_key_and_parameter_has_a_description() -> None:
    def bare(node: Any) -> list[str]:
        if not isinstance(node, dict):
            return [name for item in node for name in bare(item)] if isinstance(node, list) else []
        named = node.get("properties", {}) if node.get("type") == "object" else {}
        missing = [name for name, item in named.items() if "description" not in item]
        return missing + [name for item in node.values() for name in bare(item)]

    assert bare(schema(TEMPLATES)) == []


@pytest.mark.parametrize("text", [GOOD, database("High: 4", "Pause: true", "Note: {ssm: /a/b}")])
def test_good_files_fit(text: str) -> None:
    assert errors(schema(TEMPLATES), value(text)) == []


@pytest.mark.parametrize("row", [row for row in BAD_FILES if not any(word in row[3] for word in BEYOND_A_SCHEMA)])
def test_an_editor_sees_what_the_loader_refuses(row: tuple[str, int, str, str, str]) -> None:
    text, _, _, what, _ = row
    if "not YAML" in what or "second document" in what:
        return
    assert not accepts(schema(TEMPLATES), value(text))


WRITABLE = st.floats(-1e200, 1e200, allow_nan=False).filter(lambda number: not 0 < abs(number) < 1e-200)
"""Numbers of fewer characters than the loader takes (MOST_DIGITS), which no schema can count."""
SCALARS = st.none() | st.booleans() | st.integers(-5, 100_000) | WRITABLE | st.text(max_size=20)


@cache
def near(row: Parameter) -> st.SearchStrategy[Any]:
    """Values around the bounds of a row, so that both verdicts occur."""
    options: list[st.SearchStrategy[Any]] = [SCALARS, st.lists(SCALARS, max_size=3)]
    if row.is_number:
        halves = st.integers(int(row.low or 0) * 2 - 3, int(row.high or 100) * 2 + 3).map(lambda half: half / 2)
        options += [halves, halves.map(int), halves.map(str)]
    if row.allowed:
        options += [st.sampled_from([*row.allowed, True, False, 0, 1, 7, 14])]
    if row.pattern:
        options += [st.from_regex(row.pattern, fullmatch=True)]
    options += [st.sampled_from([{"stack": "a"}, {"output": "a.B"}, {"output": "a"}, {"env": "A"}, {"x": "y"}, {}])]
    return st.one_of(options)


@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
@settings(max_examples=50)
@given(data=st.data())
def test_one_value_gets_one_verdict_and_the_template_takes_what_is_accepted(
    row: Parameter, data: st.DataObject
) -> None:
    given_value = data.draw(near(row))
    shape = ParameterShape(row)
    faults = list(shape.faults(given_value, ()))
    fits = accepts({**shape.schema(), "$defs": DEFINITIONS}, given_value)
    if row.is_list and isinstance(given_value, str):
        assert fits or faults  # items between commas are beyond a schema
    else:
        assert fits == (not faults), faults
    if not isinstance(given_value, dict) and not faults:
        meets_the_emitted_constraints(row, given_value)


def meets_the_emitted_constraints(row: Parameter, given_value: Any) -> None:
    """The template's own section, judged as CloudFormation does, never refuses what the loader let through."""
    emitted = row.emitted().to_dict()
    text = to_text(given_value)
    if emitted["Type"] == "Number":
        judged: dict[str, Any] = {"minimum": emitted.get("MinValue"), "maximum": emitted.get("MaxValue")}
        assert accepts({key: bound for key, bound in judged.items() if bound is not None}, float(text))
        return
    pattern = emitted.get("AllowedPattern")
    judged = {
        "pattern": f"^(?:{pattern})$" if pattern else None,
        "enum": emitted.get("AllowedValues"),
        "minLength": emitted.get("MinLength"),
        "maxLength": emitted.get("MaxLength"),
    }
    bounds = {key: bound for key, bound in judged.items() if bound is not None}
    for item in [part.strip() for part in text.split(",")] if row.is_list else [text]:
        assert errors(bounds, item) == []


@pytest.mark.parametrize("item", ["\r", " ssm", "ssm ", "logs\n"])
def test_an_item_with_white_space_around_it_is_refused_by_both(item: str) -> None:
    shape = ParameterShape(next(row for row in EVERY if row.name == "Endpoints"))
    (fault,) = shape.faults([item], ())
    assert fault.what == "an item begins or ends with white space"
    assert not accepts({**shape.schema(), "$defs": DEFINITIONS}, [item])
