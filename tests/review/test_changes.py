"""Meaning, not text; parameters followed; replacements dragged along."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.errors import InputError
from aurora_cfn.model.change import Verdict
from aurora_cfn.model.environment import OutputRef, StackRef
from aurora_cfn.review.changes import changes
from aurora_cfn.review.imports import Import, imports
from aurora_cfn.template.side import EMPTY, Side
from tests.review.sides import between, of, one, read

DATABASE = """
Parameters:
  Stage: {Type: String, Default: dev}
  Max: {Type: Number, Default: 4}
  Password: {Type: String, NoEcho: true, Default: hunter2}
Mappings:
  Sizes: {dev: {Min: 0}, prod: {Min: 2}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsDev: !Not [!Condition IsProd]
Resources:
  Subnets: {Type: AWS::RDS::DBSubnetGroup, Properties: {DBSubnetGroupDescription: d, SubnetIds: [a, b]}}
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: one, VpcId: v}}
  Cluster:
    Type: AWS::RDS::DBCluster
    DeletionPolicy: Snapshot
    UpdateReplacePolicy: Snapshot
    Properties:
      Engine: aurora-postgresql
      DatabaseName: !Sub "app_${Stage}"
      DBSubnetGroupName: !Ref Subnets
      MasterUserPassword: !Ref Password
      VpcSecurityGroupIds: [!GetAtt Group.GroupId]
      DeletionProtection: !If [IsProd, true, false]
      ServerlessV2ScalingConfiguration:
        MinCapacity: !FindInMap [Sizes, !Ref Stage, Min]
        MaxCapacity: !Ref Max
  Extra:
    Condition: IsProd
    Type: AWS::RDS::DBInstance
    Properties: {DBClusterIdentifier: !Ref Cluster, Engine: aurora-postgresql, DBInstanceClass: db.serverless}
Outputs:
  Host: {Value: !GetAtt Cluster.Endpoint.Address, Export: {Name: !Sub "${AWS::StackName}-Host"}}
"""

SAME = [
    ('!Sub "app_${Stage}"', '!Join ["_", [app, !Ref Stage]]'),
    ('!Sub "app_${Stage}"', '{"Fn::Sub": ["app_${S}", {S: {Ref: Stage}}]}'),
    ("!Ref Subnets", '{"Ref": "Subnets"}'),
    ("!GetAtt Group.GroupId", '{"Fn::GetAtt": [Group, GroupId]}'),
    ("!GetAtt Group.GroupId", '!Sub "${Group.GroupId}"'),
    ("Engine: aurora-postgresql", "Engine: 'aurora-postgresql'  # a comment"),
    ("!If [IsProd, true, false]", '!If [IsDev, "false", "true"]'),
    ("!If [IsProd, true, false]", "!If [IsProd, yes, no]"),
    ("Default: 4}", 'Default: "4"}'),
    ("SubnetIds: [a, b]", 'SubnetIds: !Split [",", "a,b"]'),
    ("SubnetIds: [a, b]", "SubnetIds: [!Select [0, [a, b]], !If [IsProd, !Ref AWS::NoValue, b], !Ref AWS::NoValue]"),
    ("{dev: {Min: 0}", "{dev: {Min: 0.0}"),
    ("MaxCapacity: !Ref Max", "MaxCapacity: 4.0"),
    ("!FindInMap [Sizes, !Ref Stage, Min]", "0"),
    ("!Equals [!Ref Stage, prod]", "!And [!Equals [!Ref Stage, prod], !Equals [a, a]]"),
    ("!Equals [!Ref Stage, prod]", "!Or [!Equals [prod, !Ref Stage], !Equals [a, b]]"),
]


@pytest.mark.parametrize(("old", "new"), SAME)
def test_the_same_meaning_in_other_words_is_no_change(old: str, new: str) -> None:
    assert DATABASE.count(old) >= 1
    found = changes(read(DATABASE), read(DATABASE.replace(old, new, 1)))
    assert [change for change in found if change.section == "Resources"] == []


def test_a_changed_default_is_followed_to_every_property_with_its_cause() -> None:
    found = changes(read(DATABASE), read(DATABASE.replace("Default: dev", "Default: prod")))
    cluster = of(found, "Cluster")
    keys = {effect.key: effect for effect in cluster.effects}
    scaling = "Properties.ServerlessV2ScalingConfiguration.MinCapacity"
    assert (keys[scaling].before, keys[scaling].after) == ("0", "2")
    assert keys["Properties.DatabaseName"].verdict is Verdict.REPLACE
    assert keys["Properties.DeletionProtection"].after == "true"
    assert all(effect.causes == ("parameter Stage: dev to prod",) for effect in cluster.effects)
    assert of(found, "Extra").kind == "add"
    assert of(found, "Stage").section == "Parameters"


def test_a_given_value_wins_over_a_changed_default() -> None:
    values = {"Stage": "prod"}
    found = changes(
        read(DATABASE, parameters=values), read(DATABASE.replace("Default: dev", "Default: qa"), parameters=values)
    )
    assert [change.section for change in found] == ["Parameters"]


def test_a_value_from_elsewhere_is_unknown_and_a_switch_to_it_may_replace() -> None:
    text = DATABASE.replace("Default: dev", "Description: stage")
    refs = [{"Stage": OutputRef("a", "Stage")}, {"Stage": OutputRef("b", "Stage")}]
    assert changes(read(text, parameters=refs[0]), read(text, parameters=refs[0])) == ()
    cluster = of(changes(read(text, parameters=refs[0]), read(text, parameters=refs[1])), "Cluster")
    name = next(effect for effect in cluster.effects if effect.key == "Properties.DatabaseName")
    assert name.maybe
    assert cluster.guarded
    extra = of(changes(read(text, parameters={"Stage": "prod"}), read(text, parameters=refs[1])), "Extra")
    assert "condition changed and is not known here" in extra.effects[0].sentence


def test_what_refers_to_a_replaced_resource_follows_it() -> None:
    found = changes(read(DATABASE), read(DATABASE.replace("GroupDescription: one", "GroupDescription: two")))
    cluster = of(found, "Cluster")
    assert cluster.verdict is Verdict.INTERRUPTION
    assert cluster.effects[0].causes == ("Group is replaced",)
    assert "follows Group, which is replaced" in cluster.effects[0].sentence


def test_a_replacement_goes_through_chains_to_instances_and_exports() -> None:
    values = {"Stage": "prod"}
    before = read(DATABASE, parameters=values)
    text = DATABASE.replace("{DBSubnetGroupDescription: d,", "{DBSubnetGroupDescription: d, DBSubnetGroupName: new,")
    found = changes(before, read(text, parameters=values), [Import({"Fn::Join": ["", [{"Ref": "x"}, "-Host"]]}, "api")])
    assert of(found, "Subnets").replaces == "yes"
    assert of(found, "Cluster").replaces == "yes"
    assert of(found, "Cluster").guarded
    assert of(found, "Extra").replaces == "yes"
    assert not of(found, "Extra").guarded
    host = of(found, "Host").effects[0]
    assert host.fails
    assert "while api imports it" in host.sentence


def test_secrets_are_compared_but_never_shown() -> None:
    found = changes(read(DATABASE), read(DATABASE.replace("hunter2", "correct-horse")))
    assert of(found, "Cluster").effects[0].key == "Properties.MasterUserPassword"
    assert "hunter2" not in repr(found)
    assert "correct-horse" not in repr(found)
    found = changes(one("AWS::RDS::DBCluster", {}), one("AWS::RDS::DBCluster", {"MasterUserPassword": "plain-canary"}))
    assert "plain-canary" not in repr(found)


@pytest.mark.parametrize("name", ["ManageMasterUserPassword", "Port"])
def test_what_only_sounds_secret_is_shown(name: str) -> None:
    (effect,) = between(one("AWS::RDS::DBCluster", {name: "a"}), one("AWS::RDS::DBCluster", {name: "b"})).effects
    assert (effect.before, effect.after) == ("a", "b")


def test_a_secret_stays_hidden_inside_other_text() -> None:
    text = DATABASE.replace('!Sub "app_${Stage}"', '!Join ["", ["x-", !Ref Password, "-y"]]')
    found = changes(read(DATABASE), read(text))
    assert "hunter2" not in repr(found)
    name = next(effect for effect in of(found, "Cluster").effects if effect.key == "Properties.DatabaseName")
    assert name.after == "(hidden)"


EXPORTS: list[tuple[str, str, str, str]] = [
    ("-Host", "-Address", "export is renamed while api imports it", "first deploy api"),
    (', Export: {Name: !Sub "${AWS::StackName}-Host"}', "", "not exported any more while api imports it", "api"),
    (DATABASE[DATABASE.index("Outputs:") :], "", "export is removed while api imports it", "first deploy api"),
    ("Cluster.Endpoint.Address", "Cluster.ReadEndpoint.Address", "value changes while api imports it", "new name"),
]


@pytest.mark.parametrize(("old", "new", "says", "remedy"), EXPORTS)
def test_an_export_that_is_imported_cannot_change(old: str, new: str, says: str, remedy: str) -> None:
    consumer = read(
        """
        Parameters: {Database: {Type: String}}
        Resources:
          P:
            Type: AWS::SSM::Parameter
            Properties: {Type: String, Value: !ImportValue {"Fn::Sub": "${Database}-Host"}}
        """,
        parameters={"Database": StackRef("database")},
    )
    imported = imports(consumer, "api")
    host = of(changes(read(DATABASE), read(DATABASE.replace(old, new)), imported), "Host")
    assert says in host.effects[0].sentence
    assert remedy in host.effects[0].remedy
    assert host.effects[0].fails
    lonely = of(changes(read(DATABASE), read(DATABASE.replace(old, new))), "Host")
    assert not lonely.effects[0].fails


@pytest.mark.parametrize("name", ["${Whole}", "x-${Whole}"])
def test_a_name_whose_end_is_not_known_is_not_taken_for_every_export(name: str) -> None:
    consumer = read(
        f"""
        Parameters: {{Whole: {{Type: String}}}}
        Resources:
          P:
            Type: AWS::SSM::Parameter
            Properties: {{Type: String, Value: !ImportValue {{"Fn::Sub": "{name}"}}}}
        """,
        parameters={"Whole": StackRef("other")},
    )
    gone = read(DATABASE[: DATABASE.index("Outputs:")])
    assert not of(changes(read(DATABASE), gone, imports(consumer, "api")), "Host").effects[0].fails


def test_known_stack_names_keep_imports_apart() -> None:
    gone = DATABASE[: DATABASE.index("Outputs:")]
    before, after = read(DATABASE, stack="db-dev"), read(gone, stack="db-dev")
    assert of(changes(before, after, [Import("db-dev-Host", "api")]), "Host").effects[0].fails
    assert not of(changes(before, after, [Import("db-prod-Host", "api")]), "Host").effects[0].fails


@pytest.mark.parametrize(
    ("change", "logical_id", "verdict"),
    [
        ({"Description": "new"}, "Template", Verdict.METADATA),
        ({"Metadata": {"a": 1}}, "Template", Verdict.METADATA),
        ({"Parameters": {"P": {"Type": "String", "Default": "a"}}}, "P", Verdict.METADATA),
        ({"Outputs": {"O": {"Value": "a"}}}, "O", Verdict.METADATA),
    ],
)
def test_what_is_not_deployed_is_metadata(change: dict[str, Any], logical_id: str, verdict: Verdict) -> None:
    base = {"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}
    found = changes(Side(base), Side({**base, **change}))
    assert [(entry.logical_id, entry.verdict) for entry in found] == [(logical_id, verdict)]


def test_stack_tags_are_one_change() -> None:
    base = {"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}
    (change,) = changes(Side(base, tags={"a": "1", "b": "2"}), Side(base, tags={"a": "1", "b": "3", "c": "4"}))
    assert [(effect.key, effect.before, effect.after) for effect in change.effects] == [
        ("b", "2", "3"),
        ("c", None, "4"),
    ]


def test_a_new_stack_adds_everything_and_a_removed_one_loses_it() -> None:
    assert {change.kind for change in changes(EMPTY, read(DATABASE))} == {"add"}
    gone = changes(read(DATABASE), EMPTY)
    assert {change.kind for change in gone} == {"remove"}
    assert of(gone, "Cluster").guarded


def test_effects_point_at_the_line_of_the_after_side_and_removals_at_the_before_side() -> None:
    after = DATABASE.replace("MaxCapacity: !Ref Max", "MaxCapacity: 8")
    effect = of(changes(read(DATABASE), read(after)), "Cluster").effects[0]
    assert after.splitlines()[(effect.line or 0) - 1].strip() == "MaxCapacity: 8"
    gone = of(changes(read(DATABASE), EMPTY), "Cluster")
    assert DATABASE.splitlines()[gone.line - 1].strip() == "Cluster:"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[]", "t.yaml:1: this is no template: it must be a mapping with Resources"),
        ("a: 1", "t.yaml:1: this is no template: Resources is missing"),
        ("Resources: []", "t.yaml:1: Resources: Resources must be a mapping"),
        ("Resources:\n  A: 1", "t.yaml:2: Resources.A: a resource must be a mapping"),
        ("Resources:\n  A: {}", "t.yaml:2: Resources.A: a resource needs a Type"),
        ("Resources:\n  A: {Type: T, Properties: 1}", "t.yaml:2: Resources.A: Properties must be a mapping"),
        ("Resources: {}\nOutputs: {A: 1}", "t.yaml:2: Outputs.A: must be a mapping"),
        ("Resources: {}\nParameters: {A: 1}", "t.yaml:2: Parameters.A: must be a mapping"),
    ],
)
def test_what_is_no_template_is_refused_with_its_line(text: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        read(text, "t.yaml")
    assert str(caught.value) == says


def test_a_circle_of_conditions_ends() -> None:
    text = "Conditions: {A: !Condition B, B: !Condition A}\nResources: {T: {Type: 'AWS::SNS::Topic', Condition: A}}"
    assert changes(read(text), read(text)) == ()


def test_only_the_order_of_a_set_is_shown_as_such() -> None:
    before = one("AWS::RDS::DBCluster", {"EnableCloudwatchLogsExports": ["a", "b"]})
    after = one("AWS::RDS::DBCluster", {"EnableCloudwatchLogsExports": ["b", "a"]})
    change = between(before, after)
    assert change.verdict is Verdict.IN_PLACE


LOOP = """\
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Stores:
    - Name
    - [Alpha, Beta]
    - Store${Name}:
        Type: AWS::RDS::DBCluster
        DeletionPolicy: Snapshot
        Properties: {Engine: aurora-postgresql, DatabaseName: !Sub "${Name}"}
"""
CONDITION_LOOP = """\
Transform: AWS::LanguageExtensions
Conditions:
  Fn::ForEach::Places:
    - Place
    - [A, B]
    - Is${Place}: !Equals [!Ref AWS::Region, eu-west-1]
Resources:
  Store: {Type: AWS::RDS::DBCluster, Condition: IsA, DeletionPolicy: Delete, Properties: {Engine: aurora-postgresql}}
  Queue: {Type: AWS::SQS::Queue}
"""


def test_an_item_taken_out_of_a_loop_is_a_resource_removed() -> None:
    before, after = read(LOOP), read(LOOP.replace("[Alpha, Beta]", "[Alpha]"))
    (change,) = changes(before, after)
    assert (change.kind, change.logical_id, change.verdict, change.guarded) == (
        "remove", "StoreBeta", Verdict.REPLACE, True,
    )  # fmt: skip
    assert change.line == 6
    (back,) = changes(after, before)
    assert (back.kind, back.logical_id, back.guarded) == ("add", "StoreBeta", False)


def test_a_loop_written_by_hand_is_no_change() -> None:
    by_hand = """\
Transform: AWS::LanguageExtensions
Resources:
  StoreAlpha:
    Type: AWS::RDS::DBCluster
    DeletionPolicy: Snapshot
    Properties: {Engine: aurora-postgresql, DatabaseName: Alpha}
  StoreBeta:
    Type: AWS::RDS::DBCluster
    DeletionPolicy: Snapshot
    Properties: {Engine: aurora-postgresql, DatabaseName: Beta}
"""
    assert changes(read(LOOP), read(by_hand)) == ()


@pytest.mark.parametrize(
    ("region", "kind", "maybe"), [("eu-west-1", "remove", False), (None, "modify", True), ("eu-west-2", "", False)]
)
def test_a_condition_that_a_loop_makes_is_followed(region: str | None, kind: str, maybe: bool) -> None:
    after = CONDITION_LOOP.replace("eu-west-1", "us-west-2")
    found = changes(read(CONDITION_LOOP, region=region), read(after, region=region))
    assert [(one.logical_id, one.kind, one.effects[0].maybe) for one in found] == (
        [("Store", kind, maybe)] if kind else []
    )


KINDS = """\
Parameters: {Kind: {Type: String}}
Mappings:
  Kinds:
    pg: {Engine: aurora-postgresql, Version: "15.7", Port: "5432"}
    my: {Engine: aurora-mysql, Version: 8.0.mysql_aurora.3.08.0, Port: "3306"}
Resources:
  Store:
    Type: AWS::RDS::DBCluster
    Properties:
      Engine: !FindInMap [Kinds, !Ref Kind, Engine]
      EngineVersion: !FindInMap [Kinds, !Ref Kind, Version]
      DBClusterIdentifier: !Sub ["db-${Port}", {Port: !FindInMap [Kinds, !Ref Kind, Port]}]
"""


@pytest.mark.parametrize(
    ("old", "new", "keys"),
    [
        ("15.7", "15.10", ["Properties.EngineVersion"]),
        ("3306", "3307", ["Properties.DBClusterIdentifier"]),
        ("    pg:", "    new: {Engine: e, Version: v, Port: p}\n    pg:", []),
        ("    pg:", "    pg: {Engine: aurora-postgresql, Version: '15.7', Port: 5432}\n    gone:", []),
        ("    my:", "    mine:", ["Properties.DBClusterIdentifier", "Properties.Engine", "Properties.EngineVersion"]),
    ],
)
def test_only_what_a_lookup_reaches_changes(old: str, new: str, keys: list[str]) -> None:
    found = [one for one in changes(read(KINDS), read(KINDS.replace(old, new, 1))) if one.section == "Resources"]
    assert sorted(effect.key for one in found for effect in one.effects) == keys


MERGED = """\
Metadata:
  Shared: &shared {Engine: aurora-postgresql, StorageEncrypted: false}
Resources:
  Store:
    Type: AWS::RDS::DBCluster
    UpdateReplacePolicy: Snapshot
    Properties: {<<: *shared, DatabaseName: orders}
"""


def test_what_is_merged_into_a_resource_is_compared() -> None:
    found = changes(read(MERGED), read(MERGED.replace("false", "true")))
    assert (found[0].logical_id, found[0].verdict, found[0].effects[0].key) == (
        "Store", Verdict.REPLACE, "Properties.StorageEncrypted",
    )  # fmt: skip
