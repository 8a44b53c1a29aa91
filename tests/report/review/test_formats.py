"""Every format of a review: what it must contain, and what no template may do to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from cfnlint.jsonschema import StandardValidator

from aurora_cfn.model.change import CREATED, Change, Effect, Refusal, Verdict
from aurora_cfn.model.review import Panel, Review, StackReview
from aurora_cfn.report.review import FORMATS
from aurora_cfn.report.review.json import schema_text
from aurora_cfn.report.review.markdown import LIMIT, MARKER

LOSS = Effect(
    Verdict.DATA_LOSS,
    "a new KmsKeyId replaces it",
    key="Properties.KmsKeyId",
    remedy="keep the old value",
    before="a",
    after={"Ref": "Key"},
    causes=("parameter Key: a to b",),
    guarded=True,
    replaces=True,
    line=12,
)
NOTE = Effect(Verdict.IN_PLACE, "scales without interruption", key="Properties.Max", before="2", after="4", line=20)
CLUSTER = Change(
    "modify", "Resources", "DBCluster", (LOSS, NOTE), "AWS::RDS::DBCluster", True, path="templates/db.yaml", line=10
)
GONE = Change(
    "remove", "Resources", "Alarm", (Effect(Verdict.REPLACE, "it is deleted", line=40),), path="templates/db.yaml"
)
QUIET = Change("add", "Outputs", "Port", (Effect(Verdict.METADATA, "a new output"),), path="templates/db.yaml", line=50)
REFUSAL = Refusal("DBCluster", LOSS.sentence, "allow it with --allow-replace DBCluster", LOSS.verdict)
REVIEW = Review(
    "main",
    "worktree",
    (
        StackReview("db-dev", "templates/db.yaml", (CLUSTER, GONE, QUIET), (REFUSAL,), "dev", notes=("a note",)),
        StackReview("api-dev", "templates/api.yaml", (), environment="dev"),
    ),
    panels=(Panel("Cost", ("10 to 20 USD a month",), {"low": 10}),),
)
EMPTY = Review("main", "worktree", ())


def hostile(text: str) -> Review:
    effect = Effect(Verdict.REPLACE, text, key=text, remedy=text, before=text, after=[text], causes=(text,))
    change = Change("rename", "Resources", text, (effect,), text, renamed_from=text, path=text, line=1)
    stack = StackReview(text, text, (change,), (Refusal(text, text, text, Verdict.REPLACE),), notes=(text,))
    return Review(text, text, (stack,), (text,), (Panel(text, (text,)),))


HOSTILE = [
    "</details><script>alert(1)</script>",
    "`code` | table | **bold** [link](http://x) @team #12",
    "```\n# heading\n<!-- aurora-cfn review -->",
    "\x1b[2J\x1b]0;owned\x07",
    "a\nb\r\n::error::c%0A",
    "\u202eabc\u2066",
    "]]>&amp;<x y='z'>\"",
]


def problems(schema: dict[str, Any], document: dict[str, Any]) -> list[str]:
    """What breaks the schema; cfn-lint's validator takes a null for a missing key, which JSON Schema does not."""
    found = StandardValidator(schema).iter_errors(document)
    nulls = [f"'{name}' is a required property" for name in ("before", "after", "line", "worst")]
    return [error.message for error in found if error.message not in nulls]


@pytest.mark.parametrize("form", FORMATS)
def test_a_review_without_changes_is_valid_in_every_format(form: str) -> None:
    assert FORMATS[form](EMPTY)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_a_template_steers_a_terminal(form: str, text: str) -> None:
    written = FORMATS[form](hostile(text)).replace("\x1b[31m", "").replace("\x1b[1;31m", "").replace("\x1b[0m", "")
    assert not {"\x1b", "\x07", "\u202e", "\u2066"} & set(written)


def test_text_shows_the_worst_first_with_its_place_and_remedy() -> None:
    written = FORMATS["text"](REVIEW)
    assert written.startswith("main -> worktree: 1 data-loss, 1 replace, 1 metadata\n")
    for words in (
        "db-dev (templates/db.yaml), by git:",
        "~ DBCluster (AWS::RDS::DBCluster)  templates/db.yaml:10",
        "! Properties.KmsKeyId: a -> Ref Key",
        "because: parameter Key: a to b",
        "remedy: keep the old value",
        "+ output Port",
        "10 to 20 USD a month",
        "db-dev: DBCluster: allow it with --allow-replace DBCluster",
        "note: a note",
    ):
        assert words in written
    assert written.index("DBCluster") < written.index("Alarm") < written.index("output Port")


def test_plain_additions_take_one_line_each() -> None:
    new = tuple(Change("add", "Resources", f"R{n}", (Effect(Verdict.IN_PLACE, CREATED),), "T") for n in range(3))
    review = Review("a", "b", (StackReview("s", "t", new),))
    assert FORMATS["text"](review).count("\n") == 6
    written = FORMATS["markdown"](review)
    assert "3 new resources" in written
    assert written.count("<details>") == written.count("</details>") == 1


def test_markdown_is_sticky_counts_first_and_folds_the_rest() -> None:
    written = FORMATS["markdown"](REVIEW)
    lines = written.splitlines()
    assert lines[0] == MARKER
    assert lines[3] == "**1 data-loss, 1 replace, 1 metadata**"
    assert "**Refused until allowed by name: 1**" in written
    assert written.count("<details>") == written.count("</details>") == 4
    assert "**remedy:** keep the old value" in written
    assert "Compared by: git" in written


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_lets_no_markup_mention_or_marker_through(text: str) -> None:
    written = FORMATS["markdown"](hostile(text))
    assert "<script" not in written
    assert "@team" not in written
    assert written.count(MARKER) == 1
    assert written.count("<details>") == written.count("</details>")


@pytest.mark.parametrize("sign", ["x", "\N{PILE OF POO}"])
def test_markdown_stays_under_the_limit_and_says_what_it_cut(sign: str) -> None:
    effects = tuple(Effect(Verdict.IN_PLACE, sign * 90, key=f"Properties.P{n}") for n in range(50))
    changes = tuple(Change("modify", "Resources", f"R{n}", effects, "T") for n in range(300))
    quiet = tuple(Change("add", "Outputs", f"O{n}", QUIET.effects) for n in range(3000))
    review = Review("a", "b", (StackReview("s", "t", (CLUSTER, *changes, *quiet)),))
    written = FORMATS["markdown"](review)
    assert len(written.encode()) <= LIMIT
    assert "**Cut here:**" in written
    assert "DBCluster" in written
    assert "and 30 more" in written
    assert written.count("<details>") == written.count("</details>")


def test_json_keeps_to_its_published_schema() -> None:
    schema = json.loads(schema_text())
    for review in (REVIEW, EMPTY, *map(hostile, HOSTILE)):
        assert problems(schema, json.loads(FORMATS["json"](review))) == []
    document = json.loads(FORMATS["json"](REVIEW))
    assert document["summary"] == {
        "worst": "data-loss",
        "refused": 1,
        "data-loss": 1,
        "fails": 0,
        "replace": 1,
        "not-judged": 0,
        "interruption": 0,
        "in-place": 0,
        "metadata": 1,
    }
    first = document["changes"][0]
    assert (first["verdict"], first["replaces"], first["guarded"]) == ("data-loss", "yes", True)
    assert first["effects"][0]["after"] == {"Ref": "Key"}


def test_the_schema_notices_a_field_that_is_missing_or_new() -> None:
    schema = json.loads(schema_text())
    document = json.loads(FORMATS["json"](REVIEW))
    for wrong in ({**document, "extra": 1}, {key: value for key, value in document.items() if key != "summary"}):
        assert problems(schema, wrong)


def test_sarif_points_at_the_lines_of_the_template() -> None:
    (run,) = json.loads(FORMATS["sarif"](REVIEW))["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    results = run["results"]
    assert [(row["ruleId"], row["level"]) for row in results] == [
        ("review/data-loss", "error"),
        ("review/in-place", "note"),
        ("review/replace", "warning"),
    ]
    assert all(rules[row["ruleIndex"]] == row["ruleId"] for row in results)
    places = [row["locations"][0]["physicalLocation"] for row in results]
    assert {place["artifactLocation"]["uri"] for place in places} == {"templates/db.yaml"}
    assert [place["region"]["startLine"] for place in places] == [12, 20, 1]
    prints = [row["partialFingerprints"]["change/v2"] for row in results]
    assert len(set(prints)) == 3


def test_junit_fails_what_is_refused_and_passes_the_rest() -> None:
    root = ElementTree.fromstring(FORMATS["junit"](REVIEW))
    assert (root.get("tests"), root.get("failures")) == ("4", "1")
    failed = [case.get("name") for case in root.iter("testcase") if case.find("failure") is not None]
    assert failed == ["data-loss: ~ DBCluster (AWS::RDS::DBCluster)"]
    for text in HOSTILE:
        ElementTree.fromstring(FORMATS["junit"](hostile(text)))


def test_github_annotations_have_a_file_a_line_and_a_level() -> None:
    lines = FORMATS["github"](REVIEW).splitlines()
    assert lines[0].startswith("::error file=templates/db.yaml,line=12,title=data-loss%3A db-dev::DBCluster: ")
    assert lines[1].startswith("::warning file=templates/db.yaml,line=1,")
    assert lines[2] == "::notice title=aurora-cfn review::main -> worktree: 1 data-loss, 1 replace, 1 metadata"


FAILING = Change(
    "modify", "Resources", "Db", (Effect(Verdict.IN_PLACE, "storage never shrinks", fails=True, line=9),), path="t.yaml"
)
FAILS = Review("main", "worktree", (StackReview("db-dev", "t.yaml", (FAILING,), environment="dev"),))


@pytest.mark.parametrize(
    ("form", "part"),
    [
        ("text", "fails       "),
        ("markdown", "<b>fails</b>"),
        ("json", '"outcome": "fails"'),
        ("sarif", '"ruleId": "review/fails"'),
        ("sarif", '"level": "error"'),
        ("junit", '<failure type="fails"'),
        ("github", "::error file=t.yaml,line=9,title=fails%3A db-dev"),
    ],
)
def test_a_change_that_fails_is_named_so_in_every_format(form: str, part: str) -> None:
    assert part in FORMATS[form](FAILS)
    assert "1 fails" in FORMATS["text"](FAILS)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_template_can_write_a_workflow_command(text: str) -> None:
    for line in FORMATS["github"](hostile(text)).splitlines():
        assert line.startswith(("::error file=", "::warning file=", "::notice title=aurora-cfn review::"))
        assert "::error::" not in line.partition("::")[2].partition("::")[0]


def test_the_schema_file_is_the_one_that_is_shipped() -> None:
    from aurora_cfn.report import review

    assert (Path(review.__file__).parent / "review.schema.json").is_file()
