"""CloudFormation's own change set in the same terms, and both views together."""

from __future__ import annotations

import json
from typing import Any

import pytest

from aurora_cfn.model.change import Change, Effect, Verdict
from aurora_cfn.model.change_set import ChangeSet, PropertyChange, ResourceChange
from aurora_cfn.review.change_set import from_change_set, rank, reconciled
from aurora_cfn.review.changes import changes
from aurora_cfn.template.side import Side
from tests.review.sides import of, one

CLUSTER, INSTANCE, NESTED = "AWS::RDS::DBCluster", "AWS::RDS::DBInstance", "AWS::CloudFormation::Stack"


def change_set(*rows: ResourceChange) -> ChangeSet:
    return ChangeSet("arn:cs", "cs", "arn:stack", "CREATE_COMPLETE", "AVAILABLE", changes=rows)


def modified(replacement: str, *properties: PropertyChange, kind: str = CLUSTER, **more: Any) -> ResourceChange:
    return ResourceChange("Modify", "It", kind, replacement=replacement, properties=properties, **more)


def prop(name: str, recreation: str = "Never", **more: Any) -> PropertyChange:
    return PropertyChange("Properties", name, recreation=recreation, **more)


ROWS: list[tuple[ResourceChange, Verdict, str, str]] = [
    (ResourceChange("Add", "It", CLUSTER), Verdict.IN_PLACE, "created", ""),
    (ResourceChange("Import", "It", CLUSTER), Verdict.IN_PLACE, "taken into the stack", ""),
    # An action that AWS does not know may be any: what keeps data has to be named.
    (ResourceChange("Dynamic", "It", CLUSTER), Verdict.DATA_LOSS, "known only during the update", "gm"),
    (
        ResourceChange("Dynamic", "It", CLUSTER, policy_action="ReplaceAndRetain"),
        Verdict.REPLACE,
        "is retained with its data",
        "gm",
    ),
    (ResourceChange("Dynamic", "It", "AWS::SNS::Topic"), Verdict.IN_PLACE, "known only during the update", "m"),
    (modified("False", prop("Parameters"), kind=NESTED), Verdict.INTERRUPTION, "not seen from here", "gm"),
    (modified("", prop("", evaluation="Dynamic"), kind=NESTED), Verdict.INTERRUPTION, "not seen from here", "gm"),
    (modified("False", PropertyChange("Tags"), kind=NESTED), Verdict.METADATA, "updated in place", ""),
    (ResourceChange("Dynamic", "It", NESTED), Verdict.DATA_LOSS, "everything in it", "gm"),
    (
        ResourceChange("SyncWithActual", "It", CLUSTER, replacement="True", properties=(prop("KmsKeyId", "Always"),)),
        Verdict.DATA_LOSS,
        "it is replaced",
        "g",
    ),
    (ResourceChange("SyncWithActual", "It", CLUSTER), Verdict.METADATA, "records its real state", ""),
    (ResourceChange("Remove", "It", CLUSTER), Verdict.DATA_LOSS, "every database", "g"),
    (ResourceChange("Remove", "It", CLUSTER, policy_action="Snapshot"), Verdict.REPLACE, "final snapshot", "g"),
    (ResourceChange("Remove", "It", CLUSTER, policy_action="Retain"), Verdict.REPLACE, "outside the stack", "g"),
    (ResourceChange("Remove", "It", "AWS::SNS::Topic"), Verdict.REPLACE, "it is deleted", ""),
    (modified("True", prop("KmsKeyId", "Always")), Verdict.DATA_LOSS, "it is replaced", "g"),
    (
        modified("True", prop("KmsKeyId", "Always"), policy_action="ReplaceAndRetain"),
        Verdict.REPLACE,
        "is retained with its data",
        "g",
    ),
    (modified("Conditional", prop("Engine", "Conditionally")), Verdict.DATA_LOSS, "may be replaced", "gm"),
    (modified("Conditional", prop("X", "Always", evaluation="Dynamic")), Verdict.DATA_LOSS, "may be replaced", "gm"),
    (modified("True"), Verdict.DATA_LOSS, "it is replaced", "g"),
    (modified("Conditional"), Verdict.DATA_LOSS, "may be replaced", "gm"),
    (modified("False", prop("Port")), Verdict.INTERRUPTION, "new port", ""),
    (modified("False", prop("BackupRetentionPeriod")), Verdict.IN_PLACE, "updated in place", ""),
    (modified("False", PropertyChange("Tags")), Verdict.METADATA, "updated in place", ""),
    (modified("False", PropertyChange("DeletionPolicy")), Verdict.METADATA, "updated in place", ""),
    (
        modified(
            "True",
            prop("DBSubnetGroupName", "Always"),
            kind=INSTANCE,
            before_context=json.dumps({"Properties": {"DBClusterIdentifier": "c"}}),
        ),
        Verdict.REPLACE,
        "a new one is created",
        "",
    ),
    (modified("True", prop("DBSubnetGroupName", "Always"), kind=INSTANCE), Verdict.DATA_LOSS, "every database", "g"),
    # A parameter in the property changes, its value does not.
    (modified("True", prop("KmsKeyId", "Always", before="k", after="k")), Verdict.METADATA, "updated in place", ""),
    (
        modified(
            "True",
            prop("KmsKeyId", "Always", before="k", after="k"),
            prop("Port", before="1", after="2"),
            policy_action="ReplaceAndDelete",
        ),
        Verdict.INTERRUPTION,
        "new port",
        "",
    ),
    (
        modified("True", prop("KmsKeyId", "Always", before="k", after="k"), prop("DatabaseName", "Always", after="b")),
        Verdict.DATA_LOSS,
        "it is replaced",
        "g",
    ),
    (modified("True", prop("KmsKeyId", "Always", before="****", after="****")), Verdict.DATA_LOSS, "is replaced", "g"),
    (
        modified("True", prop("KmsKeyId", "Always", before="{{x}}", after="{{x}}")),
        Verdict.DATA_LOSS,
        "is replaced",
        "g",
    ),
    (modified("True", prop("Port", before="1", after="1")), Verdict.DATA_LOSS, "it is replaced", "g"),
    (modified("True", prop("X", "Always"), kind=INSTANCE, before_context="{"), Verdict.DATA_LOSS, "", "g"),
]


@pytest.mark.parametrize(("row", "verdict", "says", "flags"), ROWS)
def test_a_row_of_a_change_set_as_a_change(row: ResourceChange, verdict: Verdict, says: str, flags: str) -> None:
    (change,) = from_change_set(change_set(row))
    assert change.verdict is verdict
    assert says in change.effects[0].sentence
    assert change.guarded is ("g" in flags)
    assert change.effects[0].maybe is ("m" in flags)
    assert change.source == "change set"


def test_values_are_shown_and_secrets_are_not() -> None:
    rows = (prop("Port", before="5432", after="5433"), prop("MasterUserPassword", before="canary", after="canary2"))
    (change,) = from_change_set(change_set(modified("False", *rows)))
    port = next(effect for effect in change.effects if effect.key == "Properties.Port")
    assert (port.before, port.after) == ("5432", "5433")
    assert "canary" not in repr(change)


def test_given_secrets_are_masked_wherever_aws_repeats_them() -> None:
    row = change_set(modified("False", prop("Endpoint", before="old-canary", after="user:canary@host")))
    for found in (from_change_set(row, {"canary"}), reconciled(OFFLINE, row, {"canary"})):
        assert "canary" not in repr(found)


def test_a_path_names_the_place() -> None:
    row = prop("ServerlessV2ScalingConfiguration", path="/Properties/ServerlessV2ScalingConfiguration/MaxCapacity")
    (change,) = from_change_set(change_set(modified("False", row)))
    assert change.effects[0].key == "Properties.ServerlessV2ScalingConfiguration.MaxCapacity"


OFFLINE = changes(one(CLUSTER, {"Port": 1}), one(CLUSTER, {"Port": 2}))
PERHAPS = changes(one(CLUSTER, {"MasterUsername": "a"}), one(CLUSTER, {"MasterUsername": "b"}))


def test_a_change_set_raises_an_offline_verdict() -> None:
    assert OFFLINE[0].verdict is Verdict.INTERRUPTION
    (change,) = reconciled(OFFLINE, change_set(modified("True", prop("Port", "Always"))))
    assert change.verdict is Verdict.DATA_LOSS
    assert change.guarded
    assert change.source == "change set"


def test_a_change_set_settles_what_the_offline_review_was_not_sure_of() -> None:
    assert PERHAPS[0].guarded
    (no,) = reconciled(PERHAPS, change_set(modified("False", prop("MasterUsername"))))
    assert (no.verdict, no.guarded) == (Verdict.IN_PLACE, False)
    assert "says that it is not replaced" in no.effects[0].sentence
    (yes,) = reconciled(PERHAPS, change_set(modified("True", prop("MasterUsername", "Always"))))
    assert not yes.effects[0].maybe
    assert yes.guarded
    (still,) = reconciled(PERHAPS, change_set(modified("Conditional", prop("MasterUsername", "Conditionally"))))
    assert still.effects[0].maybe


TAGGED = changes(one(CLUSTER, {"Tags": []}), one(CLUSTER, {"Tags": [{"Key": "a", "Value": "b"}]}))


@pytest.mark.parametrize("offline", [OFFLINE, TAGGED])
@pytest.mark.parametrize(
    ("row", "guarded"),
    [
        (ResourceChange("Remove", "It", CLUSTER), True),
        (ResourceChange("Remove", "It", CLUSTER, policy_action="Retain"), True),
        (ResourceChange("Dynamic", "It", CLUSTER), True),
        (ResourceChange("SyncWithActual", "It", CLUSTER, replacement="Conditional"), True),
        (ResourceChange("SyncWithActual", "It", CLUSTER), False),
        (ResourceChange("Import", "It", CLUSTER), False),
        # The detail alone says it, where the whole is not given.
        (modified("", prop("Tags", "Always")), True),
        (modified("False", prop("Tags")), False),
    ],
)
def test_a_change_of_another_kind_in_the_change_set_is_guarded_too(
    offline: tuple[Change, ...], row: ResourceChange, guarded: bool
) -> None:
    (change,) = reconciled(offline, change_set(row))
    assert change.guarded is guarded
    assert change.source == "change set"
    assert {effect.key for effect in offline[0].effects} <= {effect.key for effect in change.effects}


def test_a_member_that_goes_on_both_sides_is_shown_once() -> None:
    gone = changes(one(INSTANCE, {"DBClusterIdentifier": "c"}), Side({"Resources": {}}))
    (change,) = reconciled(gone, change_set(ResourceChange("Remove", "It", INSTANCE)))
    assert (change.guarded, len(change.effects)) == (False, 1)


def test_a_change_set_never_lowers_what_is_certain() -> None:
    sure = changes(one(CLUSTER, {"KmsKeyId": "a"}), one(CLUSTER, {"KmsKeyId": "b"}))
    (change,) = reconciled(sure, change_set(modified("False", prop("KmsKeyId"))))
    assert change.verdict is Verdict.DATA_LOSS
    assert change.guarded


def test_a_guarded_effect_of_the_change_set_is_kept_beside_one_as_bad_that_is_not_guarded() -> None:
    mine = Effect(Verdict.REPLACE, "it is replaced", key="Properties.KmsKeyId")
    offline = Change("modify", "Resources", "It", (mine,), CLUSTER, stateful=True)
    row = modified("True", prop("KmsKeyId", "Always"), policy_action="ReplaceAndSnapshot")
    (change,) = reconciled([offline], change_set(row))
    assert [effect.guarded for effect in change.effects] == [True, False]
    assert change.guarded


def test_what_only_one_side_knows_stays() -> None:
    other = ResourceChange("Remove", "Other", CLUSTER)
    found = reconciled(OFFLINE, change_set(other))
    assert of(found, "Other").guarded
    assert of(found, "It").effects[0].causes[-1] == "the change set does not have it"
    assert of(found, "It").effects[0].maybe
    output = Change("add", "Outputs", "O", (Effect(Verdict.METADATA, "a new output"),))
    assert reconciled([output], change_set()) == (output,)


def test_an_empty_change_set_and_no_changes_are_nothing() -> None:
    assert reconciled((), change_set()) == ()
    assert from_change_set(change_set()) == ()


def test_what_aws_says_about_a_whole_property_is_not_said_twice() -> None:
    scaling = [{"ServerlessV2ScalingConfiguration": {"MinCapacity": 1, "MaxCapacity": high}} for high in (2, 4)]
    offline = changes(one(CLUSTER, scaling[0]), one(CLUSTER, scaling[1]))
    row = modified("False", prop("ServerlessV2ScalingConfiguration", evaluation="Dynamic"))
    (change,) = reconciled(offline, change_set(row))
    assert [effect.key for effect in change.effects] == ["Properties.ServerlessV2ScalingConfiguration.MaxCapacity"]


LOST, GUARDED = Verdict.DATA_LOSS, Verdict.REPLACE
KEEPS = {"policy_action": "ReplaceAndRetain"}
DYNAMIC = {"evaluation": "Dynamic"}


@pytest.mark.parametrize(
    ("row", "effects"),
    [
        (modified("True", prop("KmsKeyId", "Always"), prop("Port")),
         [(LOST, "Properties.KmsKeyId", ""), (Verdict.INTERRUPTION, "Properties.Port", "")]),
        (modified("True", prop("KmsKeyId", "Always"), **KEEPS), [(GUARDED, "Properties.KmsKeyId", "")]),
        # Of a resource that is replaced in any case nothing is a perhaps.
        (modified("True", prop("Engine", "Conditionally", **DYNAMIC)), [(LOST, "Properties.Engine", "")]),
        (modified("Conditional", prop("Engine", "Always")), [(LOST, "Properties.Engine", "m")]),
        (modified("Conditional", prop("Port")), [(LOST, "", "m"), (Verdict.INTERRUPTION, "Properties.Port", "")]),
        # Where the row itself says nothing, its properties do.
        (modified("", prop("X", "Always")), [(LOST, "Properties.X", "")]),
        (modified("", prop("X", "Conditionally")), [(LOST, "Properties.X", "m")]),
        (modified("", prop("X", "Always", **DYNAMIC)), [(LOST, "Properties.X", "m")]),
        (modified("False", prop("X", "Always")), [(Verdict.IN_PLACE, "Properties.X", "")]),
        (modified("False", prop("X", **DYNAMIC)), [(Verdict.IN_PLACE, "Properties.X", "m")]),
        (modified("False", prop("Port", **DYNAMIC)), [(Verdict.INTERRUPTION, "Properties.Port", "m")]),
        # What is no property replaces nothing, whatever is said of it.
        (modified("True", PropertyChange("Tags", recreation="Always")),
         [(LOST, "", ""), (Verdict.METADATA, "Tags", "")]),
        (modified("False", prop("EnableHttpEndpoint")), [(Verdict.IN_PLACE, "Properties.EnableHttpEndpoint", "")]),
        (modified("", PropertyChange("Metadata", recreation="Always")), [(Verdict.METADATA, "Metadata", "")]),
        (modified("False"), [(Verdict.METADATA, "", "")]),
    ],
)  # fmt: skip
def test_what_each_property_does(row: ResourceChange, effects: list[tuple[Verdict, str, str]]) -> None:
    (change,) = from_change_set(change_set(row))
    assert [(one.verdict, one.key, "m" * one.maybe) for one in change.effects] == effects
    assert [one.guarded for one in change.effects] == [verdict >= GUARDED for verdict, _, _ in effects]
    assert [bool(one.remedy) for one in change.effects] == [verdict >= GUARDED for verdict, _, _ in effects]


IN_CLUSTER = json.dumps({"Properties": {"DBClusterIdentifier": "c"}})


@pytest.mark.parametrize(
    ("kind", "before", "after", "keeps"),
    [
        (CLUSTER, "", "", True),
        (CLUSTER, IN_CLUSTER, IN_CLUSTER, True),
        (INSTANCE, "", "", True),
        (INSTANCE, IN_CLUSTER, "", False),
        (INSTANCE, "", IN_CLUSTER, False),
        (INSTANCE, "{", IN_CLUSTER, False),
        (INSTANCE, "[]", '{"Properties": []}', True),
        (INSTANCE, '{"Properties": {"DBInstanceClass": "c"}}', "", True),
        ("AWS::SNS::Topic", "", "", False),
    ],
)
def test_what_keeps_data_by_what_aws_shows_of_it(kind: str, before: str, after: str, keeps: bool) -> None:
    row = ResourceChange("Remove", "It", kind, before_context=before, after_context=after)
    (change,) = from_change_set(change_set(row))
    assert (change.stateful, change.guarded, bool(change.effects[0].remedy)) == (keeps, keeps, keeps)


@pytest.mark.parametrize(
    ("value", "shown"),
    [("canary", "(hidden)"), ("x-canary-y", "(hidden)"), ("1", "(hidden)"), ("12", "12"), ("", ""), (None, None)],
)
def test_which_values_show_a_secret(value: str | None, shown: str | None) -> None:
    (change,) = from_change_set(
        change_set(modified("False", prop("X", before=value), prop("Y", after=value))), ("canary", "1", "")
    )
    assert [(one.before, one.after) for one in change.effects] == [(shown, None), (None, shown)]


def test_what_made_aws_change_it_is_shown() -> None:
    (change,) = from_change_set(change_set(modified("False", prop("X", causing_entity="Size"), prop("Y"))))
    assert {one.key: one.causes for one in change.effects} == {"Properties.X": ("Size changes",), "Properties.Y": ()}


def test_the_worst_comes_first_and_what_weakens_before_the_rest() -> None:
    plain = Change("modify", "Resources", "A", (Effect(Verdict.IN_PLACE, "x"),))
    alert = Change("modify", "Resources", "B", (Effect(Verdict.IN_PLACE, "x", alert=True),))
    rows = [ResourceChange("Add", "A", CLUSTER), ResourceChange("Remove", "Z", CLUSTER)]
    assert [one.logical_id for one in from_change_set(change_set(*rows))] == ["Z", "A"]
    assert sorted([plain, alert], key=rank) == [alert, plain]
