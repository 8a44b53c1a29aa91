"""`aurora-cfn events` and `outputs` as whole commands."""

from __future__ import annotations

import json
import shlex

import pytest

from tests.cli.project import Project


def ask(dev: Project, *arguments: str) -> tuple[int, str, str]:
    result = dev.run(arguments[0], "--env", "dev", "--endpoint-url", dev.endpoint.url, *arguments[1:])
    return result.exit_code, result.stdout, result.stderr


def test_nothing_was_ever_done(dev: Project) -> None:
    code, out, err = ask(dev, "events")
    assert (code, out) == (0, "")
    assert "db-dev is not deployed" in err


def test_the_last_operation_is_shown_and_how_it_ended(dev: Project) -> None:
    dev.deploy("--yes")
    code, out, _ = ask(dev, "events")
    assert code == 0
    lines = out.splitlines()
    assert "CREATE_IN_PROGRESS" in lines[0]
    assert "CREATE_COMPLETE" in lines[-1]
    assert "db-dev" in lines[-1]


def test_a_failed_operation_ends_with_five_and_its_cause(dev: Project) -> None:
    dev.endpoint.cfn.fail["DBCluster"] = "Cannot find version 9.1 for aurora-postgresql"
    dev.deploy("--yes")
    assert ask(dev, "events")[0] == 5
    code, out, err = ask(dev, "events", "--follow")
    assert (code, out) == (5, "")
    assert "error: DBCluster (AWS::RDS::DBCluster): Cannot find version 9.1" in err


def test_events_as_lines_of_json(dev: Project) -> None:
    dev.deploy("--yes")
    code, out, _ = ask(dev, "events", "--log-format", "json", "--all")
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert {row["schema"] for row in rows} == {"aurora-cfn.log/1"}
    assert rows[-1]["status"] == "CREATE_COMPLETE"


def test_a_running_operation_is_distinguished(dev: Project) -> None:
    dev.endpoint.cfn.put("db-dev", "UPDATE_IN_PROGRESS")
    assert ask(dev, "events")[0] == 7


@pytest.mark.parametrize("form", ["table", "json", "yaml", "env", "github"])
def test_outputs_go_to_stdout_alone(dev: Project, form: str) -> None:
    dev.deploy("--yes")
    code, out, err = ask(dev, "outputs", "--format", form)
    assert (code, err) == (0, "")
    assert "db-dev" in out


def test_outputs_of_one_name_are_the_bare_value(dev: Project) -> None:
    dev.deploy("--yes")
    assert ask(dev, "outputs", "StackName")[:2] == (0, "db-dev\n")
    assert ask(dev, "outputs", "db.StackName")[:2] == (0, "db-dev\n")
    code, out, err = ask(dev, "outputs", "Nope")
    assert (code, out) == (3, "")
    assert "StackName" in err


def test_outputs_of_what_is_not_deployed(dev: Project) -> None:
    code, out, err = ask(dev, "outputs")
    assert (code, out) == (3, "")
    assert "db-dev" in err
    assert "deploy --env dev" in err


def test_outputs_for_a_shell_survive_the_shell(dev: Project) -> None:
    dev.deploy("--yes")
    _, out, _ = ask(dev, "outputs", "--format", "env")
    values = dict(line.split("=", 1) for line in out.splitlines())
    assert shlex.split(values["DB_STACK_NAME"]) == ["db-dev"]


def test_what_is_followed_goes_to_the_same_place_as_what_is_shown(dev: Project) -> None:
    dev.deploy("--yes")
    code, shown, _ = ask(dev, "events", "--log-format", "json")
    assert ask(dev, "events", "--log-format", "json", "--follow") == (code, shown, "")


def test_a_stack_that_is_not_there_is_named_by_follow_too(dev: Project) -> None:
    code, out, err = ask(dev, "events", "--follow")
    assert (code, out) == (0, "")
    assert "db-dev is not deployed" in err
