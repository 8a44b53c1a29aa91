"""Resources on both sides: every effect of what changes beside the properties, and who is dragged along."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from aurora_cfn.model.change import Change, Effect, Verdict
from aurora_cfn.review.changes import changes
from aurora_cfn.template.forms import REFERENCE
from aurora_cfn.template.side import Side
from tests.review.sides import between, of, one, read

CLUSTER, DSQL, TOPIC = "AWS::RDS::DBCluster", "AWS::DSQL::Cluster", "AWS::SNS::Topic"
LOST, GUARDED, NOTED = Verdict.DATA_LOSS, Verdict.REPLACE, Verdict.METADATA
STRONGER = "a removal or replacement keeps no less than before"
WEAKER = "from then on a removal or replacement keeps less of the data"
KEEP = "keep the stronger policy"


def only(change: Change) -> Effect:
    (found,) = change.effects
    return found


@pytest.mark.parametrize(
    ("kind", "verdict", "guarded"),
    [(CLUSTER, GUARDED, True), (DSQL, LOST, True), ("AWS::SQS::Queue", LOST, True), ("AWS::IAM::Role", GUARDED, False)],
)
def test_another_type_is_refused_and_loses_what_the_old_one_kept(kind: str, verdict: Verdict, guarded: bool) -> None:
    change = between(one(kind, {}), one(TOPIC, {}))
    assert only(change) == Effect(
        verdict, f"the type changes from {kind} to {TOPIC} under one logical id, which CloudFormation refuses",
        "Type", "give the new resource its own logical id", kind, TOPIC, fails=True, guarded=guarded, replaces=True,
        line=1,
    )  # fmt: skip
    assert (change.type, change.stateful, change.path) == (TOPIC, guarded, "t.yaml")


@pytest.mark.parametrize(
    ("kind", "name", "before", "after", "sentence", "remedy"),
    [
        (CLUSTER, "DeletionPolicy", "Retain", "Delete", WEAKER, KEEP),
        (CLUSTER, "DeletionPolicy", "Retain", None, WEAKER, KEEP),
        (CLUSTER, "DeletionPolicy", "Delete", "Retain", STRONGER, ""),
        (CLUSTER, "UpdateReplacePolicy", None, "Snapshot", STRONGER, ""),
        (CLUSTER, "UpdateReplacePolicy", "Snapshot", None, WEAKER, KEEP),
        (TOPIC, "DeletionPolicy", "Retain", "Delete", STRONGER, ""),
        # Whatever is in other attributes is not repeated.
        (CLUSTER, "Metadata", {"a": "canary"}, {"a": "b"}, "an attribute only", ""),
        (CLUSTER, "Metadata", None, {"a": "canary"}, "an attribute only", ""),
    ],
)
def test_a_changed_attribute_is_one_effect(
    kind: str, name: str, before: Any, after: Any, sentence: str, remedy: str
) -> None:
    sides = [{name: value} if value is not None else {} for value in (before, after)]
    same = {"DependsOn": "A", "CreationPolicy": {"a": "b"}}
    change = between(one(kind, {}, **same, **sides[0]), one(kind, {}, **same, **sides[1]))
    matters = name != "Metadata"
    # Without an UpdateReplacePolicy both delete from then on, which must be allowed by name.
    unprotected = kind == CLUSTER and (name, after) == ("DeletionPolicy", "Delete")
    assert only(change) == Effect(
        NOTED, sentence, name, remedy, before if matters else None, after if matters else None,
        alert=sentence == WEAKER, guarded=unprotected, line=1,
    )  # fmt: skip
    assert (change.stateful, change.guarded, "canary" in repr(change)) == (kind == CLUSTER, unprotected, False)


def test_the_line_is_that_of_the_attribute() -> None:
    text = "Resources:\n  It:\n    Type: AWS::RDS::DBCluster\n    DeletionPolicy: {}\n"
    found = between(read(text.format("Retain")), read(text.format("Delete")))
    assert (found.line, only(found).line) == (2, 4)


def test_another_order_of_creation_is_noted() -> None:
    text = "Resources:\n  It: {Type: AWS::SNS::Topic, DependsOn: A}\n  A: {Type: AWS::SNS::Topic}\n"
    found = between(read(text), read(text.replace(", DependsOn: A", "")))
    assert only(found) == Effect(NOTED, "only the order of creation changed", "DependsOn", line=2)


# `Given` has no value on either side, so whether what depends on it exists is not known here.
UNKNOWN = """\
Parameters: {Given: {Type: String}}
Conditions: {Here: !Equals [!Ref Given, a], There: !Equals [!Ref Given, b], Always: !Equals [a, a]}
Resources:
  It: {Type: %s%s}
"""


@pytest.mark.parametrize(
    ("kind", "before", "after", "verdict"),
    [
        (DSQL, "", "Here", LOST),
        (DSQL, "Always", "Here", LOST),
        (DSQL, "Here", "There", LOST),
        (CLUSTER, "", "Here", GUARDED),
        (TOPIC, "", "Here", GUARDED),
        (DSQL, "Here", "Here", None),
        (DSQL, "Here", "", None),
        (DSQL, "Here", "Always", None),
    ],
)
def test_what_may_go_by_a_condition_is_guarded(kind: str, before: str, after: str, verdict: Verdict | None) -> None:
    condition = [f", Condition: {name}" if name else "" for name in (before, after)]
    left, right = read(UNKNOWN % (kind, condition[0])), read(UNKNOWN % (kind, f"{condition[1]}, Metadata: {{a: b}}"))
    found = [row for change in changes(left, right) for row in change.effects if row.key == "Condition"]
    if verdict is None:
        assert found == []
        return
    (effect,) = found
    assert effect.sentence.startswith("its condition changed and is not known here; where it does not hold: ")
    assert (effect.verdict, effect.maybe, effect.guarded, effect.line) == (verdict, True, kind != TOPIC, 4)
    assert bool(effect.remedy) == (kind != TOPIC)


def chain(topic: str, more: str = "") -> Side:
    return read(
        "Parameters: {Given: {Type: String}}\nResources:\n"
        f"  Topic: {{Type: AWS::SNS::Topic, Properties: {{{topic}}}}}\n"
        f"  Sub: {{Type: AWS::SNS::Subscription, Properties: {{TopicArn: !Ref Topic, Protocol: sqs{more}}}}}\n"
    )


@pytest.mark.parametrize(
    ("before", "after", "dragged"),
    [
        ("TopicName: a", "TopicName: b", "yes"),
        ("TopicName: a", "TopicName: !Ref Given", "maybe"),
        ("DisplayName: a", "DisplayName: b", None),
    ],
)
def test_only_what_is_replaced_replaces_others(before: str, after: str, dragged: str | None) -> None:
    found = changes(chain(before), chain(after))
    assert [one.logical_id for one in found if one.section == "Resources"] == (
        ["Sub", "Topic"] if dragged else ["Topic"]
    )
    if dragged:
        assert of(found, "Sub").replaces == dragged
        assert of(found, "Sub").effects[0].causes == ("Topic is replaced",)


def test_a_property_that_changes_itself_and_follows_another_is_shown_once() -> None:
    before = chain("TopicName: a").template
    before["Resources"]["Sub"]["Properties"]["TopicArn"] = "arn:old"  # type: ignore[index,call-overload]
    found = changes(replace(chain("TopicName: a"), template=before), chain("TopicName: b"))
    assert [one.key for one in of(found, "Sub").effects] == ["Properties.TopicArn"]


PROXY = {"DBProxyName": "p", "EngineFamily": "MYSQL", "Auth": []}


@pytest.mark.parametrize(
    ("changed", "fails"),
    [
        ({"EngineFamily": "POSTGRESQL"}, True),
        ({"DBProxyName": "q", "EngineFamily": "POSTGRESQL"}, False),
        ({"IdleClientTimeout": 60}, False),
        ({"EngineFamily": {REFERENCE: "parameter Given"}}, False),
    ],
)
def test_a_name_that_stays_refuses_only_a_certain_replacement(changed: dict[str, Any], fails: bool) -> None:
    kind = "AWS::RDS::DBProxy"
    change = between(one(kind, PROXY), one(kind, {**PROXY, **changed}))
    found = [(row.key, row.verdict, row.before, row.after, row.line) for row in change.effects if row.fails]
    assert {f"Properties.{name}" for name in changed} <= {row.key for row in change.effects}
    assert found == ([("Properties.DBProxyName", GUARDED, "p", "p", 1)] if fails else [])


def test_backups_that_are_lost_replace_nothing() -> None:
    """Neither what refers to the database, nor the database itself under its own name."""

    def side(days: int) -> Side:
        main: dict[str, Any] = {"DBInstanceIdentifier": "main", "Engine": "postgres", "BackupRetentionPeriod": days}
        replica: dict[str, Any] = {"SourceDBInstanceIdentifier": {"Ref": "Main"}, "DBInstanceIdentifier": "copy"}
        rows = {"Main": main, "Replica": replica}
        kind = "AWS::RDS::DBInstance"
        return Side({"Resources": {name: {"Type": kind, "Properties": row} for name, row in rows.items()}})

    (found,) = changes(side(7), side(0))
    assert (found.logical_id, found.verdict, found.fails, found.replaces) == ("Main", LOST, False, "no")


@pytest.mark.parametrize(
    ("before", "after", "fails"),
    [
        ({"AllocatedStorage": "100"}, {"AllocatedStorage": "50"}, True),
        # A new instance is created with the smaller storage, so nothing shrinks.
        ({"AllocatedStorage": "100", "DBName": "a"}, {"AllocatedStorage": "50", "DBName": "b"}, False),
        # Perhaps it is not replaced.
        (
            {"AllocatedStorage": "100", "DBInstanceIdentifier": "A"},
            {"AllocatedStorage": "50", "DBInstanceIdentifier": "a"},
            True,
        ),
    ],
)
def test_an_update_is_refused_only_where_something_is_updated(
    before: dict[str, str], after: dict[str, str], fails: bool
) -> None:
    kind = "AWS::RDS::DBInstance"
    assert between(one(kind, before), one(kind, after)).fails is fails


SIMPLE, TABLE = "AWS::Serverless::SimpleTable", "AWS::DynamoDB::Table"
KEY = {"PrimaryKey": {"Name": "pk", "Type": "Number"}}


def table(name: str = "id", letter: str = "S", **more: Any) -> dict[str, Any]:
    """The properties of a table as SAM makes it."""
    return {
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": letter}],
        "KeySchema": [{"AttributeName": name, "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST",
        **more,
    }


def test_an_attribute_that_is_added_leaves_the_table() -> None:
    rows = [{"AttributeName": "id", "AttributeType": "S"}, {"AttributeName": "at", "AttributeType": "N"}]
    change = between(one(TABLE, table()), one(TABLE, table(AttributeDefinitions=rows)))
    assert change.outcome is Verdict.IN_PLACE


@pytest.mark.parametrize(
    ("simple", "written", "says"),
    [
        ({}, table(), ""),
        (KEY, table("pk", "N"), ""),
        (
            {**KEY, "TableName": "t", "Tags": {"a": "b"}},
            table("pk", "N", TableName="t", Tags=[{"Key": "a", "Value": "b"}]),
            "",
        ),
        ({"ProvisionedThroughput": {"ReadCapacityUnits": 1}}, table(), "updated in place"),
        (KEY, table("pk", "N", TableName="u"), "TableName replaces it"),
        (KEY, table("id", "N"), "KeySchema[0].AttributeName replaces it"),
        (KEY, table("pk", "S"), "AttributeDefinitions[0].AttributeType replaces it"),
    ],
)
def test_a_simple_table_is_compared_as_what_it_becomes(
    simple: dict[str, Any], written: dict[str, Any], says: str
) -> None:
    """SAM keeps the logical id, so a table that is written out later is the same one."""
    for before, after in ((one(SIMPLE, simple), one(TABLE, written)), (one(TABLE, written), one(SIMPLE, simple))):
        found = [effect for change in changes(before, after) for effect in change.effects]
        assert any(says in effect.sentence for effect in found) if says else found == []
        assert not any(effect.fails for effect in found)


@pytest.mark.parametrize(
    ("before", "after"),
    [("AWS::Serverless::Function", "AWS::Lambda::Function"), ("AWS::ApiGatewayV2::Api", "AWS::Serverless::HttpApi")],
)
def test_a_type_of_sam_becomes_the_other_one(before: str, after: str) -> None:
    change = between(one(before, {"Timeout": 1}), one(after, {"Timeout": 2}))
    assert (change.outcome, change.guarded, change.replaces) == (Verdict.NOT_JUDGED, False, "no")
