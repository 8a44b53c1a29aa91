"""Laws that hold for every pair of sides."""

from __future__ import annotations

import contextlib
import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aurora_cfn.errors import InputError
from aurora_cfn.model.change import Change, Verdict
from aurora_cfn.review.changes import changes
from aurora_cfn.template.side import Side, template_of
from aurora_cfn.yamltext import read_template, write_template
from tests.review.sides import one, read

FILES = sorted((Path(__file__).parents[2] / "templates").glob("*.yaml"))
PROPERTIES: dict[str, tuple[Any, ...]] = {
    "DatabaseName": ("a", "b", {"Ref": "Name"}),
    "Port": (5432, 5433, "5432"),
    "KmsKeyId": ("a", {"Fn::GetAtt": ["Key", "Arn"]}),
    "EngineVersion": ("16.3", "16.4", "17.4", "16"),
    "BackupRetentionPeriod": (1, 7, 14),
    "DeletionProtection": (True, False, "true"),
    "SnapshotIdentifier": ("s", "t", {"Fn::If": ["Prod", "s", {"Ref": "AWS::NoValue"}]}),
    "MasterUsername": ("a", "b"),
    "Tags": ([{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}], [{"Key": "b", "Value": "2"}]),
    "ServerlessV2ScalingConfiguration": ({"MinCapacity": 0, "MaxCapacity": 2}, {"MaxCapacity": {"Ref": "Max"}}),
    "PreferredBackupWindow": ("x", {"Fn::Sub": "${Name}-x"}),
}
PARAMETERS = {
    "Name": {"Type": "String", "Default": "n"},
    "Max": {"Type": "Number"},
    "Stage": {"Type": "String", "Default": "prod"},
}
properties = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in PROPERTIES.items()})
attributes = st.fixed_dictionaries(
    {},
    optional={
        "DeletionPolicy": st.sampled_from(["Retain", "Snapshot", "Delete"]),
        "UpdateReplacePolicy": st.sampled_from(["Retain", "Snapshot", "Delete"]),
        "Condition": st.sampled_from(["Prod", "Unknown"]),
    },
)


def template(clusters: dict[str, tuple[dict[str, Any], dict[str, Any]]]) -> dict[str, Any]:
    entries = {
        name: {"Type": "AWS::RDS::DBCluster", **extra, "Properties": values}
        for name, (values, extra) in clusters.items()
    }
    outputs = {f"Of{name}": {"Value": {"Ref": name}} for name in entries}
    return {
        "Parameters": PARAMETERS,
        "Conditions": {
            "Prod": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]},
            "Unknown": {"Fn::Equals": [{"Ref": "Max"}, "1"]},
        },
        "Resources": {"Key": {"Type": "AWS::KMS::Key", "Properties": {}}, **entries},
        **({"Outputs": outputs} if outputs else {}),
    }


templates = st.dictionaries(st.sampled_from(["A", "B", "C"]), st.tuples(properties, attributes), max_size=3).map(
    template
)


def shuffled(value: Any, seed: int) -> Any:
    if isinstance(value, dict):
        items = [(key, shuffled(item, seed)) for key, item in value.items()]
        random.Random(seed).shuffle(items)
        return dict(items)
    return [shuffled(item, seed) for item in value] if isinstance(value, list) else value


def worst(found: tuple[Change, ...]) -> int:
    return max((change.verdict for change in found), default=-1)


def summary_of(found: tuple[Change, ...]) -> list[tuple[Any, ...]]:
    return [
        (change.kind, change.section, change.logical_id, change.renamed_from, [
            (effect.verdict, effect.key, effect.sentence, effect.maybe, effect.guarded) for effect in change.effects
        ])
        for change in found
    ]  # fmt: skip


@given(templates)
@settings(deadline=None)
def test_a_side_and_itself_have_no_changes(value: dict[str, Any]) -> None:
    assert changes(Side(value), Side(value)) == ()


@given(templates, templates, st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_the_order_of_keys_is_immaterial(before: dict[str, Any], after: dict[str, Any], seed: int) -> None:
    plain = changes(Side(before), Side(after))
    mixed = changes(Side(shuffled(before, seed)), Side(shuffled(after, seed + 1)))
    assert summary_of(plain) == summary_of(mixed)


@given(templates, templates)
@settings(max_examples=40, deadline=None)
def test_formatting_never_changes_a_verdict(before: dict[str, Any], after: dict[str, Any]) -> None:
    plain = summary_of(changes(Side(before), Side(after)))
    for write in (write_template, json.dumps, lambda value: json.dumps(value, indent=8, sort_keys=True)):
        assert summary_of(changes(read(write(before)), read(write(after)))) == plain


@given(properties, properties, st.sampled_from(sorted(PROPERTIES)), st.data())
@settings(max_examples=100, deadline=None)
def test_one_more_change_never_lowers_the_verdict(
    before: dict[str, Any], after: dict[str, Any], name: str, data: st.DataObject
) -> None:
    """`after` differs from `before`; where `name` is equal so far, changing it too can only make it worse."""
    after = {**{key: value for key, value in after.items() if key != name}}
    before = {key: value for key, value in before.items() if key != name}
    worse = {**after, name: data.draw(st.sampled_from(PROPERTIES[name]))}
    kind = "AWS::RDS::DBCluster"
    less, more = changes(one(kind, before), one(kind, after)), changes(one(kind, before), one(kind, worse))
    if any(change.guarded for change in less):
        assert any(change.guarded for change in more)
    assert worst(more) >= worst(less)


@given(properties, properties, st.sampled_from(["Retain", "Snapshot"]), st.sampled_from(["Snapshot", "Delete"]))
@settings(deadline=None)
def test_a_weaker_policy_never_lowers_the_verdict(
    before: dict[str, Any], after: dict[str, Any], strong: str, weak: str
) -> None:
    kind = "AWS::RDS::DBCluster"
    pairs = [
        (one(kind, before, UpdateReplacePolicy=policy), one(kind, after, UpdateReplacePolicy=policy))
        for policy in (strong, weak)
    ]
    kept, lost = (worst(changes(*pair)) for pair in pairs)
    assert lost >= kept
    gone = [changes(one(kind, before, DeletionPolicy=policy), Side({"Resources": {}})) for policy in (strong, weak)]
    assert worst(gone[1]) >= worst(gone[0]) >= Verdict.REPLACE


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_shipped_templates_keep_their_meaning_in_every_form(path: Path) -> None:
    text = path.read_text()
    document = read_template(text, path.name)
    side = Side(template_of(document, path.name))
    for other in (write_template(side.template), json.dumps(document.value), f"# a comment\n{text}"):
        assert changes(side, read(other)) == ()


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_template_or_an_error_with_a_place(text: str) -> None:
    with contextlib.suppress(InputError):
        side = read(text)
        assert changes(side, side) == ()


KEYS = [
    *("Ref", "Fn::If", "Fn::Sub", "Fn::Join", "Fn::GetAtt", "Fn::FindInMap", "Fn::Select", "Fn::Split", "Fn::Equals"),
    *("Fn::And", "Fn::Not", "Fn::ImportValue", "Condition", "Key", "Value", "CidrIp", "A"),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)
WILD = st.fixed_dictionaries(
    {"Resources": st.dictionaries(st.sampled_from("ABC"), JSON, max_size=3)},
    optional={
        name: st.dictionaries(st.sampled_from("ABCPQ"), JSON, max_size=3)
        for name in ("Parameters", "Mappings", "Conditions", "Outputs", "Metadata")
    },
)


def dressed(wild: dict[str, Any], kind: str) -> dict[str, Any]:
    """The same with the least that makes every entry a resource."""
    entries = {
        name: {"Type": kind, "Properties": {"DBClusterIdentifier": value, "SecurityGroupIngress": value, "Tags": value}}
        | (value if isinstance(value, dict) else {})
        for name, value in wild["Resources"].items()
    }
    return {**wild, "Resources": {name: {**entry, "Type": kind} for name, entry in entries.items()}}


@given(WILD, WILD, st.sampled_from(["AWS::RDS::DBCluster", "AWS::RDS::DBInstance", "AWS::EC2::SecurityGroup", "X::Y"]))
@settings(max_examples=100, deadline=None)
def test_any_values_anywhere_give_changes_or_an_error(before: Any, after: Any, kind: str) -> None:
    with contextlib.suppress(InputError):
        left, right = (read(json.dumps(dressed(wild, kind))) for wild in (before, after))
        for change in changes(left, right):
            assert change.effects
        assert changes(left, left) == ()
