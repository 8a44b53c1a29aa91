"""One difference to its effect: what the pointers of a schema hit, and how two words on one place become one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from aurora_cfn.model.change import Effect, Verdict
from aurora_cfn.review.compare import Difference
from aurora_cfn.review.verdicts import _both, effect
from aurora_cfn.template.forms import REFERENCE
from aurora_cfn.template.resource_schema import ResourceSchema, schema
from aurora_cfn.template.resources import Resource

TOPIC = "AWS::SNS::Topic"
IN_PLACE, REPLACED = Verdict.IN_PLACE, Verdict.REPLACE


def rules(**more: Any) -> ResourceSchema:
    known = schema(TOPIC)
    assert known is not None
    given = {"create_only": (), "conditional": (), "lowered": frozenset(), "tags": "Labels", **more}
    return replace(known, properties={}, **given)


def effect_of(difference: Difference, given: ResourceSchema | None, kind: str = TOPIC) -> Effect:
    side = Resource("It", kind, {}, {}, frozenset(), True, 1)
    return effect(side, side, difference, given)


REF = {REFERENCE: "parameter Given"}


@pytest.mark.parametrize(
    ("pointer", "keys", "before", "after", "hit"),
    [
        (("A",), ("A",), "a", "b", "yes"),
        (("A",), ("A", "B"), "a", "b", "yes"),
        (("A",), ("B",), "a", "b", ""),
        (("A", "*", "B"), ("A", 0, "B"), "a", "b", "yes"),
        (("A", "*", "B"), ("A", 0, "C"), "a", "b", ""),
        # A whole that holds the place counts where the place itself differs, or where that is not known.
        (("A", "B"), ("A",), {"B": "a", "C": "a"}, {"B": "b", "C": "a"}, "yes"),
        (("A", "B"), ("A",), {"B": "a", "C": "a"}, {"B": "a", "C": "b"}, ""),
        (("A", "B"), ("A",), {"B": "a"}, None, "yes"),
        (("A", "B"), ("A",), {"C": "a"}, None, ""),
        (("A", "B"), ("A",), {"C": "a"}, REF, "maybe"),
        (("A", "B"), ("A",), REF, {"C": "a"}, "maybe"),
    ],
)
def test_what_a_pointer_hits(
    pointer: tuple[str, ...], keys: tuple[Any, ...], before: Any, after: Any, hit: str
) -> None:
    found = effect_of(Difference(keys, before, after), rules(create_only=(pointer,)))
    assert (found.verdict, found.maybe) == (REPLACED if hit else IN_PLACE, hit == "maybe")
    perhaps = effect_of(Difference(keys, before, after), rules(conditional=(pointer,)))
    assert (perhaps.verdict, perhaps.maybe) == (REPLACED if hit else IN_PLACE, bool(hit))


@pytest.mark.parametrize(
    ("keys", "before", "after", "more", "maybe"),
    [
        (("Name",), "Abc", "abc", {}, True),
        (("Name",), "Abc", "abd", {}, False),
        (("Other",), "Abc", "abc", {}, False),
        (("Name",), None, "abc", {}, False),
        (("Name",), "none", None, {}, False),
        (("Name",), None, "None", {}, False),
        (("Other",), ["a", "b"], ["b", "a"], {"order_only": True}, True),
        (("Other",), REF, REF, {"follows": ("X",), "maybe": True}, True),
    ],
)
def test_when_a_replacement_is_not_sure(
    keys: tuple[Any, ...], before: Any, after: Any, more: dict[str, Any], maybe: bool
) -> None:
    given = rules(create_only=(("Name",), ("Other",)), lowered=frozenset({("Name",)}))
    found = effect_of(Difference(keys, before, after, **more), given)
    assert (found.verdict, found.maybe) == (REPLACED, maybe)
    word = "may replace" if maybe else "replaces"
    moved = f"X is replaced, so {keys[0]} changes, which {word} this resource"
    lead = moved if more.get("follows") else f"changing {keys[0]} {word} it"
    assert found.sentence == f"{lead}: a new one is created and the old one is deleted"


@pytest.mark.parametrize(
    ("difference", "given", "expected"),
    [
        (Difference(("A",), 1, 2), None, (IN_PLACE, "updated by its own provider; no public schema says how", True)),
        (Difference(("A",), 1, 2), rules(), (IN_PLACE, "updated in place", False)),
        (Difference(("A",), 1, REF, maybe=True), rules(), (IN_PLACE, "updated in place", True)),
        (Difference(("A",), REF, REF, follows=("X",)), rules(), (IN_PLACE, "follows X, which is replaced", False)),
        (Difference(("A",), 1, 2, order_only=True), rules(),
         (IN_PLACE, "only the order changed, which means nothing to the service", False)),
        (Difference(("Labels", "x"), 1, 2), rules(), (Verdict.METADATA, "tags are changed in place", False)),
        (Difference(("Tags", 0), 1, 2), rules(), (Verdict.METADATA, "tags are changed in place", False)),
    ],
)  # fmt: skip
def test_an_update_in_place(
    difference: Difference, given: ResourceSchema | None, expected: tuple[Verdict, str, bool]
) -> None:
    found = effect_of(difference, given)
    assert (found.verdict, found.sentence, found.maybe) == expected


def test_what_is_replaced_shows_both_values_and_the_remedy() -> None:
    kind = "AWS::RDS::DBCluster"
    found = effect_of(Difference(("KmsKeyId",), "a", "b"), schema(kind), kind)
    assert (found.key, found.before, found.after) == ("Properties.KmsKeyId", "a", "b")
    assert (found.verdict, found.guarded) == (Verdict.DATA_LOSS, True)
    assert found.remedy.startswith("set UpdateReplacePolicy: Snapshot or Retain")


def test_an_interruption_by_a_value_that_no_one_knows_is_a_perhaps() -> None:
    kind = "AWS::RDS::DBCluster"
    found = [effect_of(Difference(("Port",), "1", after), schema(kind), kind) for after in ("2", REF)]
    assert [(one.verdict, one.maybe) for one in found] == [(Verdict.INTERRUPTION, False), (Verdict.INTERRUPTION, True)]


def test_a_followed_reference_says_what_it_interrupts_too() -> None:
    kind = "AWS::RDS::DBCluster"
    found = effect_of(Difference(("Port",), REF, REF, follows=("X",)), schema(kind), kind)
    assert found.verdict is Verdict.INTERRUPTION
    assert found.sentence.startswith("follows X, which is replaced: every instance restarts")


def word(verdict: Verdict, sentence: str, **more: Any) -> Effect:
    return Effect(verdict, sentence, **{"replaces": verdict is REPLACED, **more})


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (word(IN_PLACE, "a"), word(Verdict.INTERRUPTION, "b", alert=True), word(Verdict.INTERRUPTION, "b", alert=True)),
        (word(IN_PLACE, "a", alert=True, maybe=True), word(IN_PLACE, "b", fails=True),
         word(IN_PLACE, "b", alert=True, fails=True)),
        (word(REPLACED, "a", remedy="x", maybe=True, guarded=True), word(IN_PLACE, "b", remedy="y"),
         word(REPLACED, "b; a", remedy="y; x", maybe=True, guarded=True)),
        (word(REPLACED, "a", remedy="x", fails=True), word(IN_PLACE, "b", remedy="x", guarded=True),
         word(REPLACED, "b; a", remedy="x", fails=True, guarded=True)),
        # Backups that are lost are worse than a replacement of which no data goes, and replace nothing themselves.
        (word(IN_PLACE, "a"), word(Verdict.DATA_LOSS, "b"), word(Verdict.DATA_LOSS, "b")),
        # What surely loses data is no perhaps.
        (word(REPLACED, "a", maybe=True, remedy="x"), word(Verdict.DATA_LOSS, "b"),
         word(Verdict.DATA_LOSS, "b; a", remedy="x", replaces=True)),
    ],
)  # fmt: skip
def test_two_words_on_one_place_become_one(first: Effect, second: Effect, expected: Effect) -> None:
    assert _both(first, second) == expected
