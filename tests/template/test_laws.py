"""Laws of the evaluator over made-up values."""

from __future__ import annotations

from functools import partial
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.forms import masked
from aurora_cfn.template.side import Side

SECRET = "hunter-2"
PARAMETERS: Any = {
    "Known": {"Default": "a"},
    "Open": {"Type": "String"},
    "Zones": {"Type": "CommaDelimitedList", "Default": "a,b"},
    "Password": {"NoEcho": "true", "Default": SECRET},
}
MAPPINGS: Any = {"M": {"a": {"k": 1, "l": ["x"]}, "b": {"k": 2}}}
NAMES = st.sampled_from(["Known", "Open", "Zones", "Password", "Db", "AWS::Region", "AWS::StackName", "AWS::NoValue"])
CONDITION_NAMES = st.sampled_from(["C1", "C2", "C3", "Missing"])
LEAVES = st.one_of(
    st.sampled_from(["a", "b", "0", "x-${Known}", "", 1, 2.0, True, None]),
    NAMES.map(lambda name: {"Ref": name}),
    NAMES.map(lambda name: {"Fn::Sub": f"{name}-${{{name}}}"}),
    st.just({"Fn::GetAtt": ["Db", "Arn"]}),
    CONDITION_NAMES.map(lambda name: {"Condition": name}),
)


def _called(name: str, argument: Any) -> Any:
    return {name: argument}


def _grown(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    pairs, lists = st.lists(inner, min_size=2, max_size=2), st.lists(inner, max_size=3)
    named = [(name, pairs) for name in ("Fn::Equals", "Fn::And", "Fn::Or", "Fn::Contains", "Fn::Select", "Fn::Split")]
    named += [("Fn::Join", st.tuples(st.sampled_from(["", "-"]), lists).map(list))]
    named += [("Fn::Not", st.lists(inner, min_size=1, max_size=1)), ("Fn::Base64", inner), ("Fn::Length", inner)]
    named += [("Fn::If", st.tuples(CONDITION_NAMES, inner, inner).map(list)), ("Fn::ToJsonString", inner)]
    named += [("Fn::FindInMap", st.tuples(st.just("M"), inner, inner).map(list)), ("Fn::ImportValue", inner)]
    functions = [rows.map(partial(_called, name)) for name, rows in named]
    return st.one_of(*functions, lists, st.dictionaries(st.sampled_from(["p", "q"]), inner, max_size=2))


NODES = st.recursive(LEAVES, _grown, max_leaves=8)
CONDITIONS = st.fixed_dictionaries({"C1": NODES, "C2": NODES, "C3": NODES})


def evaluator(conditions: Any, **parameters: str) -> Evaluator:
    template: Any = {
        "Parameters": PARAMETERS,
        "Mappings": MAPPINGS,
        "Conditions": conditions,
        "Resources": {"Db": {"Type": "T"}},
    }
    return Evaluator(Side(template, parameters=parameters, region="eu-west-1"))


@settings(max_examples=300, deadline=None)
@given(NODES, CONDITIONS)
# A text in place of a condition is no name of one.
@example({"Fn::If": ["C3", "a", "b"]}, {"C1": "a", "C2": "a", "C3": {"Fn::Not": ["a"]}})
def test_a_normal_form_is_its_own_normal_form(node: Any, conditions: Any) -> None:
    found = evaluator(conditions)
    form = found.value(node)
    assert found.value(form) == form


@settings(max_examples=150, deadline=None)
@given(NODES, CONDITIONS)
def test_an_evaluator_without_memory_says_the_same(node: Any, conditions: Any) -> None:
    found = evaluator(conditions)
    found.value(node)
    assert found.value(node) == evaluator(conditions).value(node)


@settings(max_examples=150, deadline=None)
@given(NODES, CONDITIONS)
def test_no_secret_is_shown(node: Any, conditions: Any) -> None:
    assert SECRET not in str(masked(evaluator(conditions).value(node)))


@settings(max_examples=150, deadline=None)
@given(NODES, CONDITIONS)
def test_a_given_value_stands_for_a_parameter_everywhere(node: Any, conditions: Any) -> None:
    form = evaluator(conditions, Open="b").value(node)
    assert "parameter Open" not in str(form)


@settings(max_examples=100, deadline=None)
@given(NODES, st.lists(st.sampled_from(["A", "B", "C"]), unique=True, max_size=3))
def test_a_loop_is_the_same_as_its_copies_by_hand(node: Any, items: list[str]) -> None:
    loop: Any = {"Fn::ForEach::L": ["Item", items, {"R${Item}": {"P": node, "Name": "${Item}"}}]}
    by_hand: Any = {f"R{item}": {"P": node, "Name": item} for item in items}
    left, right = (Evaluator(Side({"Resources": content})) for content in (loop, by_hand))
    assert left.side.section("Resources") == right.side.section("Resources")
