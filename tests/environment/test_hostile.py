"""Whatever stands in a params file, the answer is an environment or complaints with a place, never a crash."""

from __future__ import annotations

import json
import time
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from aurora_cfn.environment import load
from tests.environment.toys import PATH, TEMPLATES, complaints

WORDS = [
    "region", "account", "stacks", "template", "parameters", "tags", "depends_on", "allow_replace", "resource", "until",
    "reason", "stack_policy", "Statement", "Effect", "name", "network", "database", "Name", "Low", "High", "Endpoints",
    "Password", "stack", "output", "ssm", "env", "a", "a.b", "", "<<", "eu-west-1", "2026-02-31", "express", "protect",
]  # fmt: skip
LEAVES = (
    st.sampled_from([*WORDS, None, True, False, 0, 1, 4.5, 1e300, -1, 10**17])
    | st.text(max_size=8)
    | st.floats(allow_nan=False)
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=5),
    max_leaves=25,
)
STACK = st.dictionaries(st.sampled_from(WORDS), VALUES, max_size=6)
FILES = st.fixed_dictionaries(
    {"region": st.just("eu-west-1"), "stacks": st.dictionaries(st.sampled_from(WORDS), STACK, max_size=4)},
    optional={word: VALUES for word in WORDS if word not in {"region", "stacks"}},
)


@given(VALUES | FILES)
def test_any_value_is_an_environment_or_complaints_with_a_line(value: Any) -> None:
    for row in complaints(json.dumps(value)):
        assert row.path == PATH
        assert row.line
        assert row.what


@given(st.text(max_size=300))
def test_any_text_is_an_environment_or_complaints(text: str) -> None:
    for row in complaints(text):
        assert row.path == PATH


def test_two_hundred_stacks_are_loaded_in_a_moment() -> None:
    rows = "".join(
        f"  s{number}: {{template: database, parameters: {{Name: x, Note: {{output: s{number - 1}.Endpoint}}}}}}\n"
        for number in range(1, 200)
    )
    text = f"region: eu-west-1\nstacks:\n  s0: {{template: database, parameters: {{Name: x}}}}\n{rows}"
    started = time.perf_counter()
    environment = load(text, PATH, "dev", TEMPLATES)
    assert len(environment.stacks) == 200
    assert time.perf_counter() - started < 2


def test_two_hundred_faulty_stacks_get_two_hundred_complaints() -> None:
    rows = "".join(f"  s{number}: {{template: database, parameters: {{Nme: x}}}}\n" for number in range(200))
    assert len(complaints(f"region: eu-west-1\nstacks:\n{rows}")) == 200
