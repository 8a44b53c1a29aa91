"""What is refused before a refactor is sent, and what is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aurora_cfn.deploy.refactor_rules import RefactorSide, is_done, refusals, wrong_names
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.stack import Stack, StackResource
from aurora_cfn.model.stack_refactor import ResourceMove
from aurora_cfn.template.side import template_of
from aurora_cfn.yamltext import read_template
from tests.fakes.refactors import move

DB = """\
Parameters:
  Size: {Type: String, Default: "1"}
Conditions:
  Big: !Equals [!Ref Size, "2"]
Resources:
  Cluster:
    Type: AWS::RDS::DBCluster
    DeletionPolicy: Snapshot
    Properties: {Engine: aurora-postgresql, Port: !Ref Size}
  Writer:
    Type: AWS::RDS::DBInstance
    DependsOn: Cluster
    Properties: {Engine: aurora-postgresql, DBClusterIdentifier: !Ref Cluster}
  Topic:
    Type: AWS::SNS::Topic
    Properties: {DisplayName: alarms}
Outputs:
  Cluster: {Value: !Sub "${Cluster}"}
"""
RENAMED = (
    DB.replace("  Cluster:\n", "  Database:\n")
    .replace("DependsOn: Cluster", "DependsOn: Database")
    .replace("Ref Cluster", "Ref Database")
    .replace("${Cluster}", "${Database}")
)
OTHER = "Resources:\n  Kept: {Type: AWS::SNS::Topic}\n"
RENAME = move("db-dev.Cluster", "db-dev.Database")
TOPIC = "  Topic:\n    Type: AWS::SNS::Topic\n    Properties: {DisplayName: alarms}\n"


def side(deployed: str, wanted: str, key: str = "db", **more: str) -> RefactorSide:
    document = read_template(wanted, "t")
    value = template_of(read_template(deployed, "t"), "t")
    resources = value["Resources"]
    assert isinstance(resources, dict)
    rows = {
        name: StackResource(name, str(row["Type"]), "CREATE_COMPLETE", f"p-{name}") for name, row in resources.items()
    }
    arn = f"arn:aws:cloudformation:eu-west-1:123456789012:stack/{key}-dev/1"
    stack = Stack(arn, f"{key}-dev", "UPDATE_COMPLETE", parameters={"Size": "1"} if "Size" in deployed else {})
    entry = EnvironmentStack(key, stack.name, key, {}, 3)
    return RefactorSide(entry, stack, value, template_of(document, "t"), document, rows, **more)


def found(wanted: str, *moves: ResourceMove, deployed: str = DB, **more: str) -> list[str]:
    one = side(deployed, wanted, **more)
    return refusals({one.stack.name: one}, moves or (RENAME,))


def test_a_rename_with_every_reference_is_not_refused() -> None:
    assert found(RENAMED) == []
    sides = {"db-dev": side(DB, RENAMED)}
    assert wrong_names(sides, (RENAME,)) == []
    assert not is_done(sides, (RENAME,))
    assert is_done({"db-dev": side(RENAMED, RENAMED)}, (RENAME,))


def test_form_and_comments_are_no_difference() -> None:
    other = RENAMED.replace("!Ref Size", "{Ref: Size}").replace("Resources:", "# why\nResources:")
    assert found(other.replace('!Sub "${Database}"', "!Ref Database")) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Engine: aurora-postgresql, Port", "Engine: aurora-mysql, Port", "Database.Properties.Engine differs"),
        ("DisplayName: alarms", "DisplayName: other", "Topic.Properties.DisplayName differs"),
        (TOPIC, "", "Topic is missing"),
        ("  Topic:\n", "  More: {Type: AWS::SNS::Topic}\n  Topic:\n", "More is new"),
        ("DeletionPolicy: Snapshot", "DeletionPolicy: Retain", "Database.DeletionPolicy differs"),
        ("  Size: {", "  New: {Type: String, Default: x}\n  Size: {", "Parameters differ"),
        ('"2"]', '"3"]', "Conditions differ"),
        ("Conditions:", "Mappings: {M: {a: {b: c}}}\nConditions:", "Mappings differ"),
        ("DBClusterIdentifier: !Ref Database", "DBClusterIdentifier: fixed", "Writer.Properties.DBClusterIdentifier"),
    ],
)
def test_any_other_change_is_refused(old: str, new: str, words: str) -> None:
    assert old in RENAMED
    text = found(RENAMED.replace(old, new))[0]
    assert words in text
    assert text.startswith("templates/db.yaml:")


@pytest.mark.parametrize(
    ("kind", "refused"),
    [
        ("AWS::RDS::DBCluster", False),
        ("AWS::EC2::EIP", True),
        ("AWS::Route53::RecordSet", True),
        ("Custom::Migration", True),
        ("AWS::CloudFormation::CustomResource", True),
    ],
)
def test_types(kind: str, refused: bool) -> None:
    plain = "Resources:\n  Cluster: {Type: %s}\n"
    texts = found(plain.replace("Cluster", "Database") % kind, deployed=plain % kind)
    assert bool(texts) is refused
    assert all("does not support" in text for text in texts)


@pytest.mark.parametrize(
    "old",
    ["DependsOn: Database", "DBClusterIdentifier: !Ref Database", '!Sub "${Database}"'],
)
def test_a_reference_that_was_forgotten_is_named(old: str) -> None:
    assert old in RENAMED
    assert any(
        "still refers to Cluster" in text for text in found(RENAMED.replace(old, old.replace("Database", "Cluster")))
    )


def test_a_stack_policy_is_refused_with_the_alternative() -> None:
    (text,) = found(RENAMED, policy='{"Statement": []}')
    assert "db-dev has a stack policy" in text
    assert "aurora-cfn import" in text


@pytest.mark.parametrize(
    ("wanted", "moves", "words"),
    [
        (RENAMED, [move("db-dev.Clustr", "db-dev.Database")], "did you mean Cluster?"),
        (RENAMED, [move("db-dev.Cluster", "db-dev.Nothing")], "the template has no resource Nothing"),
        (DB, [RENAME], "the template still has Cluster"),
        (RENAMED, [move("db-dev.Cluster", "db-dev.Writer")], "has a resource Writer already"),
    ],
)
def test_wrong_names(wanted: str, moves: list[ResourceMove], words: str) -> None:
    assert words in " ".join(map(str, wrong_names({"db-dev": side(DB, wanted)}, moves)))


MOVE = move("db-dev.Topic", "other-dev.Topic")


def moved(source: str, destination: str, *, before: str = DB, there: str = OTHER) -> list[str]:
    sides = {"db-dev": side(before, source), "other-dev": side(there, destination, "other")}
    return refusals(sides, (MOVE,))


def test_a_move_of_the_same_resource_is_not_refused() -> None:
    assert moved(DB.replace(TOPIC, ""), OTHER + TOPIC) == []


@pytest.mark.parametrize(
    ("before", "topic", "words"),
    [
        (DB, TOPIC.replace("alarms", "else"), "Topic.Properties.DisplayName differs"),
        (DB, TOPIC.replace("alarms", '!Sub "${AWS::StackName}"'), "uses AWS::StackName"),
        (DB.replace("alarms", "!Ref Size"), TOPIC.replace("alarms", '"1"'), ""),
        (DB.replace("alarms", "!Ref Size"), TOPIC.replace("alarms", '"2"'), "Topic.Properties.DisplayName differs"),
    ],
)
def test_what_a_move_would_change_is_refused(before: str, topic: str, words: str) -> None:
    text = " ".join(moved(before.replace(TOPIC, "").replace(_topic_of(before), ""), OTHER + topic, before=before))
    assert words in text
    assert bool(text) is bool(words)


def _topic_of(text: str) -> str:
    start = text.index("  Topic:\n")
    return text[start : text.index("Outputs:")]


def test_a_reference_that_becomes_an_import_is_no_change() -> None:
    users = "  User:\n    Type: AWS::SNS::Subscription\n    Properties: {Protocol: sqs, Endpoint: arn, TopicArn: %s}\n"
    before = DB.replace("Outputs:", users % "!Ref Topic" + "Outputs:")
    after = DB.replace(TOPIC, "").replace("Outputs:", users % "!ImportValue the-topic" + "Outputs:")
    there = f"{OTHER}{TOPIC}Outputs:\n  Topic: {{Value: !Ref Topic, Export: {{Name: the-topic}}}}\n"
    assert moved(after, there, before=before) == []
    (text,) = moved(after.replace("the-topic", "other-topic"), there, before=before)
    assert "User.Properties.TopicArn" in text


def test_a_stack_without_resources_is_refused() -> None:
    only = "Resources:\n" + TOPIC
    one = side(only, only)
    empty = replace(one, wanted={"Resources": {}})
    sides = {"db-dev": empty, "other-dev": side(OTHER, OTHER + TOPIC, "other")}
    assert any("no resource left" in text for text in refusals(sides, (MOVE,)))
