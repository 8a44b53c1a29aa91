"""The guard over changes and allowances."""

from __future__ import annotations

from datetime import date

import pytest

from aurora_cfn.errors import GuardError
from aurora_cfn.model.change import Change, Effect, Verdict
from aurora_cfn.model.environment import AllowedReplacement
from aurora_cfn.model.review import StackReview
from aurora_cfn.review import allowed_by_flag, needless, refusals, refuse, unused

TODAY = date(2026, 11, 21)
LOSS = Effect(Verdict.DATA_LOSS, "a new KmsKeyId replaces it", guarded=True)
CLUSTER = Change("modify", "Resources", "DBCluster", (LOSS,), "AWS::RDS::DBCluster", path="templates/db.yaml", line=9)
HARMLESS = Change("modify", "Resources", "Alarm", (Effect(Verdict.REPLACE, "made anew"),))
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


def test_allowances_that_nothing_needs_are_told() -> None:
    flags = allowed_by_flag(["DBCluster", "DbCluster", "Alarm"])
    assert [one.logical_id for one in unused([CLUSTER, HARMLESS], flags)] == ["DbCluster", "Alarm"]
