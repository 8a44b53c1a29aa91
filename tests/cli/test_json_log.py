"""With `--log-format json` every line of standard error is one object of a kind that is written down."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, get_args

import pytest
from click.testing import Result

from aurora_cfn.report.events import SCHEMA, Kind
from tests.cli.project import PARAMS, Project

Rows = list[dict[str, Any]]


def lines(ran: Result) -> Rows:
    rows: Rows = [json.loads(line) for line in ran.stderr.splitlines()]
    assert {row["schema"] for row in rows} == {SCHEMA}, ran.stderr
    assert {row["kind"] for row in rows} <= set(get_args(Kind))
    assert all(isinstance(row["stack"], str) for row in rows)
    assert "\\u001b" not in ran.stderr, "colours are for terminals"
    return rows


def deploy(dev: Project, *options: str) -> Result:
    return dev.deploy("--yes", "--log-format", "json", *options)


def _params(dev: Project) -> tuple[str, ...]:
    dev.write(PARAMS.replace("MaxCapacity: 8", "MaxCapacity: 800"))
    return ()


def _variable(dev: Project) -> tuple[str, ...]:
    dev.write(PARAMS + "      KmsKeyId: {env: NO_SUCH_KEY}\n")
    return ()


def _stale(dev: Project) -> tuple[str, ...]:
    (dev.folder / "templates" / "aurora-serverless-postgres.yaml").unlink()
    return ()


def _account(dev: Project) -> tuple[str, ...]:
    dev.endpoint.account = "999999999999"
    return ()


def _empty(dev: Project) -> tuple[str, ...]:
    assert dev.deploy("--yes").exit_code == 0
    return ("--fail-on-empty",)


def _refused(dev: Project) -> tuple[str, ...]:
    dev.endpoint.refusals["GetCallerIdentity"] = [("AccessDenied", "no")]
    return ()


ENDS: dict[str, tuple[Callable[[Project], tuple[str, ...]], int, str]] = {
    "wrong params": (_params, 3, "params/dev.yaml:7: stacks.db.parameters.MaxCapacity"),
    "a variable that is not set": (_variable, 3, "NO_SUCH_KEY is not set"),
    "no such environment": (lambda _: ("--env", "nope"), 3, "there is no such environment"),
    "no such stack": (lambda _: ("--stack", "dbb"), 3, "did you mean db?"),
    "a missing template": (_stale, 1, "aurora-serverless-postgres.yaml is missing: run `aurora-cfn render`"),
    "another account": (_account, 3, "999999999999"),
    "AWS refuses": (_refused, 4, "GetCallerIdentity: no (AccessDenied)"),
    "nothing to change": (_empty, 1, "nothing to change (--fail-on-empty)"),
    "options that exclude each other": (lambda _: ("--dry-run", "--strict"), 2, "exclude each other"),
    "a region that is none": (lambda _: ("--region", "here"), 3, "--region: "),
    "no plan there": (lambda _: ("--plan", "params/dev.yaml"), 3, "exists and is no plan"),
}


@pytest.mark.parametrize("end", ENDS)
def test_the_last_line_says_why_it_ended_and_with_which_code(dev: Project, end: str) -> None:
    prepare, code, said = ENDS[end]
    ran = deploy(dev, *prepare(dev))
    assert (ran.exit_code, lines(ran)[-1]["kind"]) == (code, "error"), ran.stderr
    last = lines(ran)[-1]
    assert said in last["text"]
    assert last["exit_code"] == code


def test_complaints_about_a_file_have_their_place(dev: Project) -> None:
    _params(dev)
    (complaint,) = lines(deploy(dev))[-1]["complaints"]
    assert (complaint["path"], complaint["line"]) == ("params/dev.yaml", 7)
    assert complaint["key"] == "stacks.db.parameters.MaxCapacity"


def test_a_plan_and_its_application_show_in_lines_what_they_are(dev: Project) -> None:
    made = dev.deploy("--log-format", "json", "--plan", "plan.json")
    notes = [row["text"] for row in lines(made) if row["kind"] == "note"]
    assert notes[0] == "plan of 1 stack written to plan.json"
    assert notes[1].startswith("execute it with: aurora-cfn deploy --apply plan.json --endpoint-url ")
    address = ("--endpoint-url", dev.endpoint.url, "--no-proof", "--no-preflight")
    ran = dev.run("deploy", "--apply", "plan.json", "--yes", "--log-format", "json", *address)
    assert ran.exit_code == 0, ran.stderr
    rows = lines(ran)
    assert (rows[0]["kind"], "1 stack of dev" in rows[0]["text"]) == ("note", True)
    assert rows[-1]["outcome"] == "created"


def test_the_doubt_about_a_region_is_a_warning(dev: Project) -> None:
    first, *_ = lines(deploy(dev, "--region", "eu-west-77"))
    assert (first["kind"], "did you mean eu-west-3?" in first["text"]) == ("warning", True)


def test_what_lint_finds_is_a_line_each(dev: Project) -> None:
    dev.write(PARAMS + "      DeletionProtection: false\n", "production")
    found = [row for row in lines(deploy(dev, "--env", "production")) if row["kind"] == "finding"]
    assert {(row["rule"], row["severity"]) for row in found} == {("W9023", "warning"), ("I9012", "info")}


def test_a_review_and_a_cost_are_shown_for_programs_too(dev: Project) -> None:
    assert dev.deploy("--yes").exit_code == 0
    dev.write(PARAMS.replace("MaxCapacity: 8", "MaxCapacity: 16"))
    by_kind = {row["kind"]: row for row in lines(deploy(dev))}
    changed = [row["logical_id"] for row in by_kind["review"]["review"]["changes"] if row["verdict"] == "in-place"]
    assert changed == ["DBCluster"]
    assert (by_kind["cost"]["stack"], by_kind["cost"]["currency"]) == ("db", "USD")
    assert by_kind["cost"]["before"]["high"] < by_kind["cost"]["after"]["high"]


def test_events_show_their_faults_in_lines_too(dev: Project) -> None:
    address = ("--endpoint-url", dev.endpoint.url, "--log-format", "json")
    ran = dev.run("events", "--env", "dev", *address)
    assert (ran.exit_code, ran.stdout) == (0, "")
    (row,) = lines(ran)
    assert (row["kind"], row["text"]) == ("note", "db-dev is not deployed")
    assert lines(dev.run("events", "--env", "nope", *address))[-1]["exit_code"] == 3


def test_the_next_command_of_the_process_is_for_people_again(dev: Project) -> None:
    deploy(dev, "--env", "nope")
    ran = dev.run("outputs", "--env", "nope")
    assert ran.stderr.startswith("error: params/nope.yaml")
