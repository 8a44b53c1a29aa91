"""`aurora-cfn adopt`: what is written, what is said, and that the stack goes on from there without a change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result

from aurora_cfn.model.change_set import ChangeSetRequest
from aurora_cfn.model.ownership import Ownership
from tests.cli.project import Project

TEMPLATE = """\
# made by hand
Parameters:
  Size: {Type: String, Default: "1"}
  Password: {Type: String, NoEcho: true, Default: x}
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Size}}
"""
JSON = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})


def run(dev: Project, command: str, *arguments: str) -> Result:
    return dev.run(command, "--env", "dev", "--endpoint-url", dev.endpoint.url, *arguments)


def running(dev: Project, template: str = TEMPLATE, name: str = "legacy", **tags: str) -> None:
    cfn = dev.endpoint.cfn
    parameters = {"Size": "010", "Password": "****"} if "Size" in template else {}
    made = cfn.create_change_set(ChangeSetRequest(name, "s", "CREATE", template, parameters=parameters, tags=tags))
    cfn.execute_change_set(made.arn, token="t")
    dev.endpoint.actions.clear()


@pytest.mark.parametrize(("template", "ending"), [(TEMPLATE, "yaml"), (JSON, "json")])
def test_after_adopting_there_is_nothing_to_change(dev: Project, template: str, ending: str) -> None:
    running(dev, template, Team="a")
    ran = run(dev, "adopt", "--stack-name", "legacy", "--key", "old")
    assert ran.exit_code == 0, ran.stderr
    assert {*dev.endpoint.actions} <= {"GetCallerIdentity", "DescribeStacks", "GetTemplate"}
    assert Path(f"templates/old.{ending}").is_file()
    seen = run(dev, "diff", "--stack", "old", "--exit-code")
    assert seen.exit_code == 0, seen.stdout + seen.stderr


def test_the_template_is_kept_as_it_was_written_and_values_stay_text(dev: Project) -> None:
    running(dev, Team="a")
    ran = run(dev, "adopt", "--stack-name", "legacy", "--key", "old")
    assert Path("templates/old.yaml").read_text() == TEMPLATE
    params = Path("params/dev.yaml").read_text()
    assert '"Size": "010"' in params
    assert '"Team": "a"' in params
    assert "name: legacy" in params
    assert "{env: ADOPTED_PASSWORD}" in params
    assert "Password (NoEcho) is not returned by AWS" in ran.stderr


def test_the_first_deployment_takes_it_over(dev: Project) -> None:
    running(dev, JSON)
    assert run(dev, "adopt", "--stack-name", "legacy", "--key", "old").exit_code == 0
    assert dev.deploy("--yes", "--stack", "old").exit_code == 6
    ran = dev.deploy("--yes", "--stack", "old", "--take-over", "legacy")
    assert ran.exit_code == 0, ran.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--stack-name", "nothing"), 3, "there is no stack nothing"),
        (("--stack-name", "legacy", "--key", "db"), 3, "stacks.db"),
        (("--stack-name", "legacy", "--key", "network"), 3, "there is a template of that name"),
        (("--stack-name", "theirs"), 6, "belongs to project billing"),
    ],
)
def test_nothing_is_written_over_or_taken_from_others(
    dev: Project, arguments: tuple[str, ...], code: int, words: str
) -> None:
    running(dev, JSON)
    running(dev, JSON, "theirs", **Ownership("billing", "dev").tags)
    before = Path("params/dev.yaml").read_text()
    ran = run(dev, "adopt", *arguments)
    assert ran.exit_code == code
    assert words in ran.stderr
    assert Path("params/dev.yaml").read_text() == before


def test_a_params_file_that_is_not_there_yet_is_written(dev: Project) -> None:
    running(dev, JSON)
    place = ("--env", "staging", "--endpoint-url", dev.endpoint.url)
    assert dev.run("adopt", *place, "--stack-name", "legacy").exit_code == 3
    ran = dev.run("adopt", *place, "--stack-name", "legacy", "--region", "eu-west-1")
    assert ran.exit_code == 0, ran.stderr
    text = Path("params/staging.yaml").read_text()
    assert text.startswith('region: eu-west-1\naccount: "123456789012"\nstacks:\n  legacy:\n    template: legacy\n')
    seen = dev.run("diff", *place, "--exit-code")
    assert seen.exit_code == 0, seen.stdout + seen.stderr


def test_termination_protection_of_one_stack_is_no_change(dev: Project) -> None:
    running(dev, JSON)
    found = dev.endpoint.cfn.stack("legacy")
    assert found
    dev.endpoint.cfn.set_protection(found.arn, on=True)
    assert run(dev, "adopt", "--stack-name", "legacy", "--key", "old").exit_code == 0
    assert "    protect: true\n" in Path("params/dev.yaml").read_text()
    seen = run(dev, "diff", "--stack", "old", "--exit-code")
    assert seen.exit_code == 0, seen.stdout + seen.stderr
