"""`aurora-cfn facts`: shown with their days, renewed from RDS."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aurora_cfn.cli import root
from aurora_cfn.cli.runs.facts import keep
from aurora_cfn.errors import AwsError, InputError
from aurora_cfn.facts.offered import EngineOffer, FamilyParameters, offered_text, read_offered
from tests.fakes.engine_versions import FakeEngineVersions
from tests.fakes.no_room import no_room

TODAY = date(2026, 11, 21)
OFFER = {
    "aurora-postgresql": EngineOffer(
        "aurora-postgresql",
        {"17.7": (0.0, 256.0)},
        {"17": date(2030, 2, 28)},
        {
            "aurora-postgresql17": FamilyParameters({"ssl": False, "max_connections": True}, {"max_connections": True}),
        },
    ),
    "aurora-mysql": EngineOffer("aurora-mysql", {"8.0": None}, {}),
}


def run(folder: Path, *arguments: str, **environ: str) -> Result:
    none = str(folder / "none")
    given = {"AURORA_CFN_CACHE": str(folder), "AWS_CONFIG_FILE": none, "AWS_SHARED_CREDENTIALS_FILE": none} | environ
    return CliRunner().invoke(root, ["facts", *arguments], env=given)


def test_every_file_is_shown_with_its_day_and_sources(tmp_path: Path) -> None:
    ran = run(tmp_path, "show")
    assert ran.exit_code == 0
    assert re.search(r"^engines: \d{4}-\d{2}-\d{2} \(", ran.stdout, re.MULTILINE)
    assert "  AWS documentation, Aurora PostgreSQL release calendar" in ran.stdout
    rows = json.loads(run(tmp_path, "show", "--format", "json").stdout)
    assert {"engines", "gates", "regions", "reserved"} <= {row["name"] for row in rows}
    assert all(datetime.fromisoformat(row["as_of"]) and row["sources"] for row in rows)


def test_what_rds_said_is_kept_and_shown(tmp_path: Path) -> None:
    file = tmp_path / "facts" / "offered.json"
    kept = keep(FakeEngineVersions(OFFER), file, region="eu-west-1", today=TODAY)
    assert kept.engines == OFFER
    assert kept.as_of == TODAY
    assert "offered: 2026-11-21" in run(tmp_path, "show").stdout


def test_a_refusal_keeps_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "offered.json"
    keep(FakeEngineVersions(OFFER), file, region="eu-west-1", today=TODAY)
    before = file.read_text()
    with pytest.raises(AwsError):
        keep(FakeEngineVersions({}), file, region="eu-west-1", today=TODAY)
    assert file.read_text() == before


def test_a_full_disk_keeps_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "offered.json"
    keep(FakeEngineVersions(OFFER), file, region="eu-west-1", today=TODAY)
    before = file.read_text()
    with no_room(), pytest.raises(InputError, match=r"offered\.json: cannot be written: File too large"):
        keep(FakeEngineVersions(OFFER), file, region="eu-west-2", today=TODAY)
    assert [path.read_text() for path in tmp_path.iterdir()] == [before]


@pytest.mark.parametrize(
    ("arguments", "environ"),
    [
        (("--region", "eu-west-1", "--endpoint-url", "http://127.0.0.1:1"), {}),
        (("--region", "eu-west-1", "--endpoint-url", "http://127.0.0.1:1"),
         {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y", "AWS_MAX_ATTEMPTS": "1"}),
        ((), {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y"}),
        (("--profile", "absent"), {}),
    ],
)  # fmt: skip
def test_refresh_without_credentials_endpoint_region_or_profile_is_one_message(
    tmp_path: Path, arguments: tuple[str, ...], environ: dict[str, str]
) -> None:
    ran = run(tmp_path, "refresh", *arguments, **environ)
    assert (ran.exit_code, ran.stdout) == (4, "")
    assert ran.stderr.startswith("error: ")
    assert "Traceback" not in ran.stderr
    assert not (tmp_path / "facts").exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"as_of": "soon"}', '{"as_of": "2026-01-01", "engines": 3}'])
def test_a_damaged_file_counts_as_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "offered.json"
    file.write_text(text)
    assert read_offered(str(file)).engines == {}


def test_old_facts_are_shown_by_lint(tmp_path: Path) -> None:
    text = offered_text(list(OFFER.values()), region="eu-west-1", today=date(2020, 1, 1))
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts" / "offered.json").write_text(text)
    assert "offered: 2020-01-01" in run(tmp_path, "show").stdout
    assert "over 180: renew it" in run(tmp_path, "show").stdout


def test_a_file_of_an_earlier_version_has_no_parameters(tmp_path: Path) -> None:
    file = tmp_path / "offered.json"
    content = json.loads(offered_text(list(OFFER.values()), region="eu-west-1", today=TODAY))
    for engine in content["engines"].values():
        del engine["families"]
    file.write_text(json.dumps(content))
    kept = read_offered(str(file))
    assert kept.version("aurora-postgresql", "17.7") == (True, (0.0, 256.0))
    assert kept.parameters("aurora-postgresql17") is None
