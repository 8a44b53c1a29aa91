"""`aurora-cfn cost` as a whole command over the committed templates."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aurora_cfn.cli import root
from aurora_cfn.facts.prices import kept_text

ROOT = Path(__file__).parents[3]
PARAMS = """\
region: us-east-1
stacks:
  db:
    template: aurora-serverless-postgres
    parameters: {AutoPause: true, MinCapacity: 2, MaxCapacity: 4}
  pg:
    template: rds-postgres
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "params").mkdir()
    (tmp_path / "params/dev.yaml").write_text(PARAMS)
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AURORA_CFN_CACHE", str(tmp_path / "cache"))
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(root, ["cost", "--env", "dev", *arguments])


def test_the_range_goes_from_paused_to_the_most(project: Path) -> None:
    result = run("--stack", "db")
    assert result.exit_code == 0
    assert result.stdout.startswith("dev in us-east-1: USD 0.40 to 350.80 a month of 730 hours\n")
    assert "db: Aurora Serverless v2: 1 instance, 0 to 4 ACU, paused after" in result.stdout
    assert "pg:" not in result.stdout


def test_json_is_for_programs() -> None:
    document = json.loads(run("--format", "json", "--storage-gb", "10").stdout)
    assert (document["environment"], document["region"], document["currency"]) == ("dev", "us-east-1", "USD")
    assert {row["stack"] for row in document["lines"]} == {"db", "pg"}
    assert {"storage: 10"} <= {row["what"] for row in document["lines"]}


def test_an_unknown_price_is_said_and_can_be_given() -> None:
    unknown = run("--region", "ap-south-1", "--stack", "db")
    assert unknown.exit_code == 0
    assert "--price acu_hour=USD" in unknown.stdout
    assert "no prices are known for ap-south-1" in unknown.stderr
    known = run("--region", "ap-south-1", "--stack", "db", "--price", "acu_hour=0.10")
    assert known.stdout.startswith("dev in ap-south-1: USD 0.40 to 292.40 a month")


def test_kept_prices_are_used_and_broken_ones_are_shown(project: Path) -> None:
    kept = project / "cache/facts/prices-ap-south-1.json"
    kept.parent.mkdir(parents=True)
    kept.write_text(kept_text("ap-south-1", {"acu_hour": 0.2}, date(2026, 11, 20)))
    result = run("--region", "ap-south-1", "--stack", "db")
    assert result.stdout.startswith("dev in ap-south-1: USD 0.40 to 584.40 a month")
    assert result.stderr == ""
    kept.write_text("{")
    result = run("--region", "ap-south-1", "--stack", "db")
    assert result.exit_code == 0
    assert "cannot be read, and is not used" in result.stderr


def test_a_refresh_that_fails_changes_nothing(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    result = run("--refresh", "--endpoint-url", "http://127.0.0.1:1")
    assert (result.exit_code, result.stdout) == (4, "")
    assert "cannot reach http://127.0.0.1:1" in result.stderr
    assert not (project / "cache").exists()


def test_the_curve_is_drawn(project: Path) -> None:
    result = run("--plot", "cost.svg")
    assert result.exit_code == 0
    assert "cost.svg: written" in result.stderr
    assert (project / "cost.svg").read_text().startswith("<svg ")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--plot", "cost.png"], 3, "cost.png: only SVG is drawn (--plot cost.svg)"),
        (["--plot", "x.svg", "--region", "ap-south-1"], 3, "there is nothing to draw"),
        (["--price", "beer=1"], 3, "'beer' is not an item; there are: acu_hour"),
        (["--price", "acu_hour=cheap"], 3, "is not ITEM=USD with an amount"),
        (["--price", "acu_hour=-1"], 3, "is not ITEM=USD"),
        (["--region", "../../etc"], 3, "--region: '../../etc' does not fit: a region such as eu-west-1"),
        (["--stack", "other"], 3, "no stack is called other; there are: db, pg"),
        (["--storage-gb", "-1"], 2, "-1.0 is not in the range"),
    ],
)
def test_bad_input_is_one_message(arguments: list[str], code: int, message: str, project: Path) -> None:
    result = run(*arguments)
    assert result.exit_code == code
    assert message in result.stderr
    assert not list(project.glob("*.svg"))
