"""What holds for every rule, and rules inside the real cfn-lint."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from aurora_cfn.lint.engine import lint, rules
from aurora_cfn.lint.subject import RULES_FOLDER, Subject
from tests.lint.rules import test_capacity_rules, test_database_rules, test_neighbour_rules
from tests.lint.toys import GOOD, changed

OURS = sorted(name for name in rules() if re.match(r"[EWI]9\d{3}", name))
TABLES = (test_capacity_rules, test_database_rules, test_neighbour_rules)
TODAY = date(2026, 11, 21)
# E9046 needs a region to be wrong in; its bad cases are tests of their own.
ELSEWHERE = {"E9046"}


@pytest.mark.parametrize("name", OURS)
def test_a_rule_says_what_why_and_what_to_do(name: str) -> None:
    rule = rules()[name]
    assert rule.id == name
    assert rule.shortdesc
    assert not rule.shortdesc.endswith(".")
    assert rule.description.endswith(".")
    assert rule.fix
    assert rule.source_url.startswith("https://docs.aws.amazon.com/")
    assert date.fromisoformat(rule.dated) <= TODAY


@pytest.mark.parametrize("name", OURS)
def test_a_rule_has_bad_and_good_cases(name: str) -> None:
    bad = {row[0] for table in TABLES for row in table.BAD} | ELSEWHERE
    good = {row[0] for table in TABLES for row in table.GOOD}
    assert name in bad & good


def test_one_rule_a_file() -> None:
    files = [path for path in RULES_FOLDER.glob("*.py") if path.stem != "__init__"]
    assert len(files) == len(OURS)


def test_no_rule_minds_the_good_template() -> None:
    ((*found,),) = lint([Subject("t.json", json.dumps(GOOD))], today=TODAY)
    assert not [row for row in found if row.rule in OURS]


def test_the_shipped_templates_are_silent() -> None:
    folder = Path(__file__).parents[3] / "templates"
    subjects = [Subject(path.name, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.yaml"))]
    assert [finding for found in lint(subjects, today=TODAY) for finding in found] == []


def test_a_finding_of_ours_has_a_line_and_a_source() -> None:
    text = json.dumps(changed({"Cluster.EngineMode": "serverless"}), indent=1)
    ((*found,),) = lint([Subject("t.json", text)], today=TODAY)
    (finding,) = [row for row in found if row.rule == "E9001"]
    assert '"EngineMode": "serverless"' in text.splitlines()[finding.line - 1]
    assert finding.key == "Resources/Cluster/Properties/EngineMode"
    assert finding.source.startswith("https://docs.aws.amazon.com/")


def test_plain_cfn_lint_runs_our_rules(tmp_path: Path) -> None:
    file = tmp_path / "t.json"
    file.write_text(json.dumps(changed({"Cluster.EngineMode": "serverless", "Writer.PubliclyAccessible": True})))
    ran = subprocess.run(
        [Path(sys.executable).with_name("cfn-lint"), "--append-rules", RULES_FOLDER, "--format", "json", file],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert ran.stderr == ""
    assert {"E9001", "W9030"} <= {row["Rule"]["Id"] for row in json.loads(ran.stdout)}
