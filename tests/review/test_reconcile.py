"""The offline review and CloudFormation's own word on it: what each may raise, settle, add and mark."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from aurora_cfn.model.change import Change, Effect, Kind, Verdict
from aurora_cfn.model.change_set import PropertyChange, ResourceChange
from aurora_cfn.review.change_set import reconciled
from tests.review.test_change_set import CLUSTER, change_set, modified, prop

PORT, KMS = "Properties.Port", "Properties.KmsKeyId"
NOT_REPLACED = "the change set says that it is not replaced"


def change(*effects: Effect, kind: Kind = "modify", name: str = "It", **more: Any) -> Change:
    return Change(kind, more.pop("section", "Resources"), name, effects, CLUSTER, True, **more)


def effect(verdict: Verdict, key: str = KMS, sentence: str = "offline", **more: Any) -> Effect:
    return Effect(verdict, sentence, key, replaces=verdict is Verdict.REPLACE, **more)


PERHAPS = effect(Verdict.REPLACE, maybe=True, guarded=True)
SURE = effect(Verdict.REPLACE, guarded=True)


@pytest.mark.parametrize(
    ("mine", "row", "settled"),
    [
        # Not replaced, says AWS: that counts where the offline review was not sure, and only for the replacement.
        (PERHAPS, modified("False", prop("KmsKeyId")), (Verdict.IN_PLACE, NOT_REPLACED, False, False)),
        (PERHAPS, modified("False"), (Verdict.IN_PLACE, NOT_REPLACED, False, False)),
        (replace(PERHAPS, key=PORT), modified("False", prop("Port")),
         (Verdict.INTERRUPTION, NOT_REPLACED, False, False)),
        (SURE, modified("False", prop("KmsKeyId")), (Verdict.REPLACE, "offline", False, True)),
        (effect(Verdict.INTERRUPTION, maybe=True), modified("False"), (Verdict.INTERRUPTION, "offline", True, False)),
        # Replaced, says AWS: that settles it for the property of which AWS says so.
        (PERHAPS, modified("True", prop("KmsKeyId", "Always"), policy_action="ReplaceAndRetain"),
         (Verdict.REPLACE, "offline", False, True)),
        (PERHAPS, modified("Conditional", prop("KmsKeyId", "Always")), (Verdict.REPLACE, "offline", True, True)),
        (PERHAPS, modified("True", prop("KmsKeyId")), (Verdict.REPLACE, "offline", True, True)),
        (PERHAPS, modified("True", prop("Port")), (Verdict.REPLACE, "offline", True, True)),
    ],
)  # fmt: skip
def test_what_aws_settles(mine: Effect, row: ResourceChange, settled: tuple[Verdict, str, bool, bool]) -> None:
    (found,) = reconciled([change(mine)], change_set(row))
    one = next(item for item in found.effects if item.key == mine.key and item.sentence in {"offline", NOT_REPLACED})
    assert (one.verdict, one.sentence, one.maybe, one.guarded) == settled
    assert found.source == "change set"


def scaling(verdict: Verdict, below: str) -> Effect:
    return effect(verdict, f"Properties.Scaling{below}")


@pytest.mark.parametrize(
    ("mine", "row", "keys"),
    [
        (effect(Verdict.INTERRUPTION, PORT), prop("Port"), [PORT]),
        (effect(Verdict.IN_PLACE, PORT), prop("Port"), [PORT, PORT]),
        (effect(Verdict.INTERRUPTION, PORT), prop("Other"), [PORT, "Properties.Other"]),
        (scaling(Verdict.IN_PLACE, ".Max"), prop("Scaling"), ["Properties.Scaling.Max"]),
        (scaling(Verdict.IN_PLACE, "[0]"), prop("Scaling"), ["Properties.Scaling[0]"]),
        (scaling(Verdict.METADATA, ".Max"), prop("Scaling"), ["Properties.Scaling", "Properties.Scaling.Max"]),
        (scaling(Verdict.IN_PLACE, "Rules"), prop("Scaling"), ["Properties.Scaling", "Properties.ScalingRules"]),
    ],
)
def test_what_aws_adds_to_it(mine: Effect, row: PropertyChange, keys: list[str]) -> None:
    (found,) = reconciled([change(mine)], change_set(modified("False", row)))
    assert [item.key for item in found.effects] == keys


def test_the_same_is_said_once_and_whatever_differs_is_kept() -> None:
    twice = effect(Verdict.IN_PLACE, PORT, "same")
    other, elsewhere = replace(twice, sentence="other"), replace(twice, key=KMS)
    (found,) = reconciled([change(twice, twice, other, elsewhere)], change_set(modified("False", prop("Port"))))
    assert [(item.key, item.sentence) for item in found.effects if item.verdict is Verdict.IN_PLACE] == [
        (KMS, "same"),
        (PORT, "same"),
        (PORT, "other"),
    ]


@pytest.mark.parametrize(
    ("offline", "rows"),
    [
        (change(SURE, kind="rename", name="New", renamed_from="Old"), [("Add", "New"), ("Remove", "Old")]),
        (change(SURE, kind="rename", name="New", renamed_from="Old"), [("Remove", "Old")]),
        (change(SURE, kind="rename", name="New", renamed_from="Old"), [("Modify", "New")]),
        (change(SURE, kind="remove"), [("Remove", "It")]),
        (change(SURE, kind="remove"), [("Modify", "It")]),
    ],
)
def test_what_both_know_by_other_names_stays_as_the_template_shows_it(
    offline: Change, rows: list[tuple[str, str]]
) -> None:
    aws = change_set(*(ResourceChange(action, name, CLUSTER, replacement="False") for action, name in rows))
    assert reconciled([offline], aws) == (replace(offline, source="change set"),)


def test_an_output_of_the_same_name_hides_no_resource() -> None:
    output = change(Effect(Verdict.METADATA, "a new output"), kind="add", section="Outputs")
    found = reconciled([output], change_set(ResourceChange("Remove", "It", CLUSTER)))
    assert [(one.section, one.guarded) for one in found] == [("Resources", True), ("Outputs", False)]
    assert found[1] == output


def test_what_aws_does_not_have_is_marked_but_for_what_it_never_has() -> None:
    seen = change(replace(SURE, causes=("parameter X changed",)), replace(SURE, key=PORT))
    metadata = change(Effect(Verdict.METADATA, "a comment"), name="Other")
    found = reconciled([metadata, seen], change_set())
    assert found[1] == metadata
    assert [(one.maybe, one.causes) for one in found[0].effects] == [
        (True, ("parameter X changed", "the change set does not have it")),
        (True, ("the change set does not have it",)),
    ]
    assert found[0].source == "template"


def test_a_removal_that_only_aws_knows_is_shown_beside_the_modification() -> None:
    (found,) = reconciled([change(SURE)], change_set(ResourceChange("Remove", "It", CLUSTER)))
    assert found.kind == "modify"
    assert found.verdict is Verdict.DATA_LOSS
    assert found.guarded
    assert SURE in found.effects


@pytest.mark.parametrize(
    ("mine", "guarded", "effects"),
    [
        (effect(Verdict.REPLACE), True, 2),
        (effect(Verdict.DATA_LOSS), True, 2),
        (SURE, True, 1),
    ],
)
def test_what_aws_guards_is_guarded_although_the_offline_verdict_is_no_milder(
    mine: Effect, guarded: bool, effects: int
) -> None:
    row = modified("True", prop("KmsKeyId", "Always"), policy_action="ReplaceAndRetain")
    (found,) = reconciled([change(mine)], change_set(row))
    assert (found.guarded, len(found.effects)) == (guarded, effects)


@pytest.mark.parametrize(
    ("policy_action", "verdict", "offline"),
    [
        # A change set without a policy does not contradict the template's; one that deletes stands alone.
        ("", Verdict.REPLACE, True),
        ("ReplaceAndSnapshot", Verdict.REPLACE, True),
        ("ReplaceAndDelete", Verdict.DATA_LOSS, False),
    ],
)
def test_the_end_of_one_replacement_is_said_once(policy_action: str, verdict: Verdict, offline: bool) -> None:
    row = modified("True", prop("KmsKeyId", "Always"), policy_action=policy_action)
    (found,) = reconciled([change(SURE)], change_set(row))
    (only,) = [item for item in found.effects if item.key == KMS]
    assert (only.verdict, only.sentence == "offline", only.guarded) == (verdict, offline, True)


NESTED = "AWS::CloudFormation::Stack"
AUTOMATIC = prop("TemplateURL", evaluation="Dynamic")
"""The row that CloudFormation has for a nested stack in every update."""


@pytest.mark.parametrize(
    ("offline", "seen", "expected"),
    [
        # Not seen: what CloudFormation may change in it is refused.
        ([], (), {"It": True}),
        # Seen: the offline review says what changes in it, or that nothing does.
        ([], ("It",), {}),
        ([change(effect(Verdict.IN_PLACE))], ("It",), {"It": False}),
        ([change(effect(Verdict.IN_PLACE)), change(SURE, name="It/Db")], ("It",), {"It/Db": True, "It": False}),
    ],
)
def test_what_is_in_a_nested_stack_is_said_by_the_offline_review(
    offline: list[Change], seen: tuple[str, ...], expected: dict[str, bool]
) -> None:
    rows = [replace(row, type=NESTED if row.logical_id == "It" else CLUSTER) for row in offline]
    found = reconciled(rows, change_set(modified("False", AUTOMATIC, kind=NESTED)), (), seen)
    assert {row.logical_id: row.guarded for row in found} == expected
    # Nothing of it is marked as perhaps because the change set does not have it.
    assert not any(one.maybe and one.causes for row in found for one in row.effects)
