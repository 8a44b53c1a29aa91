"""The guard over changes and allowances."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date

import pytest

from aurora_cfn.errors import AuroraCfnError, GuardError, KnownFailureError
from aurora_cfn.model.change import Change, Effect, Verdict
from aurora_cfn.model.environment import AllowedReplacement
from aurora_cfn.model.review import StackReview
from aurora_cfn.review.allowances import allowed_by_flag, needless, tried_by_flag
from aurora_cfn.review.guard import refusals, refuse, refused_code, unused

TODAY = date(2026, 11, 21)
LOSS = Effect(Verdict.DATA_LOSS, "a new KmsKeyId replaces it", guarded=True)
CLUSTER = Change("modify", "Resources", "DBCluster", (LOSS,), "AWS::RDS::DBCluster", path="templates/db.yaml", line=9)
HARMLESS = Change("modify", "Resources", "Alarm", (Effect(Verdict.REPLACE, "a new one is created"),))
FAILING = Effect(Verdict.REPLACE, "the name stays", remedy="change the name", fails=True)
BROKEN = Change("modify", "Resources", "Writer", (LOSS, FAILING), "AWS::RDS::DBInstance", path="t.yaml", line=3)
PERHAPS = Change("modify", "Resources", "Group", (Effect(Verdict.IN_PLACE, "in use", fails=True, maybe=True),))
RENAMED = Change("rename", "Resources", "New", (LOSS,), renamed_from="Old")


def line(until: str, logical_id: str = "DBCluster") -> AllowedReplacement:
    return AllowedReplacement(logical_id, until, "moving to the new key")


def test_nothing_guarded_needs_nothing() -> None:
    assert refusals([HARMLESS], (), TODAY) == ()
    refuse(())


def test_a_refusal_says_where_what_and_how() -> None:
    (found,) = refusals([CLUSTER, HARMLESS], (), TODAY)
    assert (found.logical_id, found.verdict, found.path, found.line) == (
        "DBCluster",
        LOSS.verdict,
        "templates/db.yaml",
        9,
    )
    with pytest.raises(GuardError) as caught:
        refuse([found])
    assert str(caught.value) == (
        "templates/db.yaml:9: DBCluster: a new KmsKeyId replaces it (allow it with --allow-replace DBCluster, "
        "or a dated line under allow_replace in the params file)"
    )
    assert caught.value.exit_code == 6


@pytest.mark.parametrize(
    ("allowance", "passes"),
    [
        (line("2026-11-21"), True),
        (line("2026-12-31"), True),
        (line("2026-11-20"), False),
        (line("soon"), False),
        (line(""), False),
        (line("2026-12-31", "Other"), False),
        (line("2026-12-31", "dbcluster"), False),
        (allowed_by_flag(["DBCluster"])[0], True),
        (allowed_by_flag(["Other"])[0], False),
    ],
)
def test_only_the_right_name_in_time_lets_it_pass(allowance: AllowedReplacement, passes: bool) -> None:
    assert (refusals([CLUSTER], [allowance], TODAY) == ()) is passes


def test_an_ended_line_is_named() -> None:
    (found,) = refusals([CLUSTER], [line("2026-11-20"), line("2026-01-01")], TODAY)
    assert "ended on 2026-11-20" in found.how
    for other in (line("2026-11-19", "Other"), line("")):
        (found,) = refusals([CLUSTER], [other], TODAY)
        assert "ended" not in found.how


def test_what_is_refused_is_what_is_guarded_though_something_worse_is_not() -> None:
    rows = (Effect(Verdict.DATA_LOSS, "not guarded"), Effect(Verdict.REPLACE, "guarded", guarded=True))
    (found,) = refusals([Change("modify", "Resources", "It", rows)], (), TODAY)
    assert found.sentence == "guarded"
    with pytest.raises(GuardError, match=r"^It: guarded \(allow it with"):
        refuse([found])


@pytest.mark.parametrize(
    ("name", "needed"),
    [
        ("DBCluster", True), ("db.DBCluster", True), ("db-dev.DBCluster", True), ("Old", True), ("db.Old", True),
        ("api.DBCluster", False), ("New", False), ("Alarm", False), ("Nothing", False),
    ],
)  # fmt: skip
def test_which_names_nothing_needs(name: str, needed: bool) -> None:
    stacks = [
        StackReview("db-dev", "t.yaml", (CLUSTER, HARMLESS), key="db"),
        StackReview("db-dev", "t.yaml", (RENAMED,), key="db"),
        StackReview("api-dev", "t.yaml", (HARMLESS,), key="api"),
    ]
    assert needless([name], stacks) == (() if needed else (name,))


def test_a_rename_is_allowed_by_the_id_that_goes() -> None:
    assert refusals([RENAMED], allowed_by_flag(["New"]), TODAY)[0].logical_id == "Old"
    assert refusals([RENAMED], allowed_by_flag(["Old"]), TODAY) == ()


def test_allowances_that_nothing_needs_are_shown() -> None:
    flags = allowed_by_flag(["DBCluster", "DbCluster", "Alarm"])
    assert [one.logical_id for one in unused([CLUSTER, HARMLESS], flags)] == ["DbCluster", "Alarm"]


@pytest.mark.parametrize(
    ("changes", "allow", "tried", "refused", "code"),
    [
        ([BROKEN], (), (), ["Writer"], 11),
        # What can only be rolled back is not offered to be allowed.
        ([BROKEN], ("Writer",), (), ["Writer"], 11),
        # What is tried anyway still asks for its data.
        ([BROKEN], (), ("Writer",), ["Writer"], 6),
        ([BROKEN], ("Writer",), ("Writer",), [], 0),
        ([BROKEN], ("Writer",), ("db.Writer",), [], 0),
        ([BROKEN], ("Writer",), ("other.Writer",), ["Writer"], 11),
        # Data comes first.
        ([BROKEN, CLUSTER], (), (), ["Writer", "DBCluster"], 6),
        ([PERHAPS, HARMLESS], (), (), [], 0),
    ],
)
def test_a_change_that_fails_is_refused_until_it_is_tried_anyway(
    changes: list[Change], allow: tuple[str, ...], tried: tuple[str, ...], refused: list[str], code: int
) -> None:
    scopes = ("db", "db-dev")
    found = refusals(changes, allowed_by_flag(allow, scopes), TODAY, tried_by_flag(tried, scopes))
    assert [one.logical_id for one in found] == refused
    assert refused_code(found) == code
    with pytest.raises(AuroraCfnError) if code else nullcontext() as caught:
        refuse(found)
    assert caught is None or caught.value.exit_code == code


def test_the_failure_that_is_certain_is_named_not_one_that_may_come() -> None:
    may = Effect(Verdict.REPLACE, "in use", remedy="wait", fails=True, maybe=True)
    (found,) = refusals([Change("modify", "Resources", "A", (may, FAILING))], (), TODAY)
    assert (found.sentence, found.how) == ("the name stays", "remedy: change the name; or try it with --try-anyway A")


def test_the_remedy_of_a_failure_never_allows_a_replacement() -> None:
    (found,) = refusals([BROKEN], (), TODAY)
    assert found.verdict is Verdict.FAILS
    assert found.how == "remedy: change the name; or try it with --try-anyway Writer"
    with pytest.raises(KnownFailureError):
        refuse([found])


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        (CLUSTER, Verdict.DATA_LOSS),
        (BROKEN, Verdict.DATA_LOSS),
        (Change("modify", "Resources", "A", (FAILING,)), Verdict.FAILS),
        (PERHAPS, Verdict.IN_PLACE),
        (Change("modify", "Template", "A", (Effect(Verdict.INTERRUPTION, "", unseen=True),)), Verdict.NOT_JUDGED),
    ],
)
def test_the_outcome_of_a_change(change: Change, outcome: Verdict) -> None:
    assert change.outcome is outcome
