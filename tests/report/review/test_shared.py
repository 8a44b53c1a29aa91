"""Several stacks of one template in a review: what is said once, and where it is so."""

from __future__ import annotations

import json

import pytest

from aurora_cfn.model.change import Change, Effect, Refusal, Verdict
from aurora_cfn.model.review import Review, StackReview
from aurora_cfn.report.review import FORMATS
from aurora_cfn.report.review.shared import counts, shared, shared_changes
from aurora_cfn.report.review.words import heading, only, where

PATH = "templates/db.yaml"
PORT = Effect(Verdict.INTERRUPTION, "it restarts", key="Properties.Port", before=1, after={"Ref": "Port"})
KEY = Effect(Verdict.REPLACE, "it is created", key="Properties.KmsKeyId", guarded=True)
CALM = Effect(Verdict.METADATA, "a new output")
REFUSAL = Refusal("DBCluster", KEY.sentence, "allow it", KEY.verdict)


def cluster(*effects: Effect, line: int = 10) -> Change:
    return Change("modify", "Resources", "DBCluster", effects, "AWS::RDS::DBCluster", path=PATH, line=line)


def output(name: str) -> Change:
    return Change("add", "Outputs", name, (CALM,), path=PATH)


def stack(environment: str, *changes: Change, name: str = "", notes: tuple[str, ...] = ()) -> StackReview:
    refused = (REFUSAL,) if any(change.guarded for change in changes) else ()
    return StackReview(name or f"db-{environment}", PATH, changes, refused, environment, notes=notes)


def review(*stacks: StackReview) -> Review:
    return Review("main", "worktree", stacks)


@pytest.mark.parametrize(
    ("stacks", "places", "parts"),
    [
        ((stack("dev", cluster(PORT)),), "", [""]),
        ((stack("dev", cluster(PORT)), stack("uat", cluster(PORT))), "", [""]),
        ((stack("dev"), stack("uat", cluster(PORT))), "only in uat", [""]),
        (
            (stack("dev", cluster(PORT)), stack("uat", cluster(KEY, PORT)), stack("prod", cluster(PORT))),
            "uat: replace; dev, prod: interruption",
            ["in uat", ""],
        ),
        (
            (stack("dev", cluster(PORT), name="a"), stack("dev", cluster(KEY), name="b"), stack("uat", cluster(PORT))),
            "b: replace; a, uat: interruption",
            ["in b", "in a, uat"],
        ),
        ((stack("", cluster(PORT), name="a"), stack("", name="b")), "only in a", [""]),
    ],
)
def test_a_change_is_shown_once_with_where_it_happens(
    stacks: tuple[StackReview, ...], places: str, parts: list[str]
) -> None:
    (row,) = shared_changes(review(*stacks))
    assert where(row) == places
    assert [only(row, effect) for effect in row.effects] == parts
    assert sum(counts(shared_changes(review(*stacks))).values()) == 1


def test_the_same_resource_on_another_line_or_in_another_template_is_another_change() -> None:
    found = review(stack("dev", cluster(PORT)), stack("uat", cluster(PORT, line=11)))
    assert len(shared_changes(found)) == 2
    other = StackReview("api-dev", "templates/api.yaml", (cluster(PORT),), environment="dev")
    deployed = StackReview("db-uat", PATH, (cluster(PORT),), environment="uat", compared="change set")
    assert len(shared(review(stack("dev", cluster(PORT)), other, deployed))) == 3


def test_a_heading_names_the_stacks_and_cuts_a_long_list() -> None:
    def written(number: int) -> str:
        (template,) = shared(review(*(stack(f"e{one}") for one in range(number))))
        return heading(template)

    assert written(1) == "db-e0 (templates/db.yaml)"
    assert written(2) == "templates/db.yaml in db-e0, db-e1"
    assert written(20).endswith("db-e6, db-e7 and 12 more")


def test_every_format_shows_it_once_and_counts_it_once() -> None:
    found = review(
        stack("dev", cluster(PORT), output("Port"), notes=("the same",)),
        stack("uat", cluster(KEY, PORT), output("Port"), output("Host"), notes=("the same",)),
    )
    text = FORMATS["text"](found)
    assert text.startswith("main -> worktree: 1 replace, 2 metadata\n")
    assert "+ output Port, + output Host [only in uat]" in text
    assert text.count("note: the same") == text.count("it restarts") == text.count("refused: 1") == 1
    assert FORMATS["markdown"](found).count("it restarts") == FORMATS["markdown"](found).count("the same") == 1
    assert FORMATS["junit"](found).count("<testcase") == 3
    assert 'testsuite name="templates/db.yaml"' in FORMATS["junit"](found)
    assert len(FORMATS["github"](found).splitlines()) == 2
    assert len(json.loads(FORMATS["sarif"](found))["runs"][0]["results"]) == 2
    document = json.loads(FORMATS["json"](found))
    (first, *_) = document["changes"]
    assert [(row["environment"], row["verdict"], row["refused"]) for row in first["stacks"]] == [
        ("uat", "replace", True),
        ("dev", "interruption", False),
    ]
    assert [effect["stacks"] for effect in first["effects"]] == [["db-uat"], ["db-dev", "db-uat"]]
    assert (document["version"], document["summary"]["refused"]) == (2, 1)
