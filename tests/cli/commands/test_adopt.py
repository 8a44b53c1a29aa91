"""`aurora-cfn adopt`: what is written, what is said, and that the stack continues from there without a change."""

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
    parameters = {"Size": "010", "Password": "****"} if "Size" in template else {}
    execute(dev, ChangeSetRequest(name, "s", "CREATE", template, parameters=parameters, tags=tags))


def execute(dev: Project, request: ChangeSetRequest) -> None:
    cfn = dev.endpoint.cfn
    made = cfn.create_change_set(request)
    cfn.execute_change_set(made.arn, token="t")
    dev.endpoint.actions.clear()


@pytest.mark.parametrize(("template", "ending"), [(TEMPLATE, "yaml"), (JSON, "json")])
def test_after_adopting_there_is_nothing_to_change(dev: Project, template: str, ending: str) -> None:
    running(dev, template, Team="a")
    ran = run(dev, "adopt", "--stack-name", "legacy", "--key", "old")
    assert ran.exit_code == 0, ran.stderr
    assert {*dev.endpoint.actions} <= {"GetCallerIdentity", "DescribeStacks", "GetTemplate", "GetStackPolicy"}
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
        (("--stack-name", ""), 3, "an empty name is no key of a stack"),
        (("--stack-name", "", "--key", "old"), 3, "there is no stack"),
        (("--stack-name", "legacy", "--key", "a b"), 3, "a b is no key of a stack: give --key, letters, digits"),
        (("--stack-name", "legacy", "--key", "../a"), 3, "../a is no key of a stack"),
        (("--stack-name", "moving"), 7, "moving is in UPDATE_IN_PROGRESS: adopt it when that has ended"),
        (("--stack-name", "failed"), 3, "the creation of failed failed, and nothing is left of it"),
        (("--stack-name", "inner"), 3, "inner is nested in outer: adopt that one"),
        (("--stack-name", "legacy", "--key", "db"), 3, "stacks.db"),
        (("--stack-name", "legacy", "--key", "network"), 3, "there is another template of that name"),
        (("--stack-name", "theirs"), 6, "belongs to project billing"),
    ],
)
def test_nothing_is_written_over_or_taken_from_others(
    dev: Project, arguments: tuple[str, ...], code: int, words: str
) -> None:
    running(dev, JSON)
    running(dev, JSON, "theirs", **Ownership("billing", "dev").tags)
    cfn = dev.endpoint.cfn
    cfn.put("moving", "UPDATE_IN_PROGRESS", template=JSON)
    cfn.put("failed", "ROLLBACK_COMPLETE", template=JSON)
    cfn.put(
        "inner", "CREATE_COMPLETE", template=JSON, parent="arn:aws:cloudformation:eu-west-1:123456789012:stack/outer/1"
    )
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


ROLE, TOPIC = "arn:aws:iam::123456789012:role/deploys", "arn:aws:sns:eu-west-1:123456789012:events"
POLICY = {
    "Statement": [
        {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": "Update:Delete", "Principal": "*", "Resource": "LogicalResourceId/Topic"},
    ]
}


def test_a_new_file_also_has_role_and_topics(dev: Project) -> None:
    execute(dev, ChangeSetRequest("legacy", "s", "CREATE", JSON, role_arn=ROLE, notification_arns=(TOPIC,)))
    place = ("--env", "staging", "--endpoint-url", dev.endpoint.url)
    ran = dev.run("adopt", *place, "--stack-name", "legacy", "--region", "eu-west-1")
    assert ran.exit_code == 0, ran.stderr
    text = Path("params/staging.yaml").read_text()
    assert f"role_arn: {ROLE}\n" in text
    assert TOPIC in text
    assert "service role" not in ran.stderr
    assert "notifies" not in ran.stderr


def test_role_and_topics_are_said_where_the_file_has_others(dev: Project) -> None:
    execute(dev, ChangeSetRequest("legacy", "s", "CREATE", JSON, role_arn=ROLE, notification_arns=(TOPIC,)))
    ran = run(dev, "adopt", "--stack-name", "legacy")
    assert f"has the service role {ROLE}, and keeps it" in ran.stderr
    assert f"the stack notifies {TOPIC}: without" in ran.stderr


def test_a_stack_policy_is_written_into_the_entry(dev: Project) -> None:
    running(dev, JSON)
    dev.endpoint.cfn.set_stack_policy("legacy", json.dumps(POLICY))
    assert run(dev, "adopt", "--stack-name", "legacy", "--key", "old").exit_code == 0
    assert "    stack_policy:\n      Statement:\n        - Effect: Allow\n" in Path("params/dev.yaml").read_text()
    seen = run(dev, "diff", "--stack", "old", "--exit-code")
    assert seen.exit_code == 0, seen.stdout + seen.stderr


def test_a_policy_that_the_file_does_not_take_is_said(dev: Project) -> None:
    running(dev, JSON)
    dev.endpoint.cfn.set_stack_policy("legacy", json.dumps({"Version": "1", **POLICY}))
    ran = run(dev, "adopt", "--stack-name", "legacy", "--key", "old")
    assert (ran.exit_code, "the stack policy is left out" in ran.stderr) == (0, True), ran.stderr
    assert "stack_policy" not in Path("params/dev.yaml").read_text()


def test_what_the_environment_gives_to_all_is_said_or_switched_off(dev: Project) -> None:
    dev.write("region: eu-west-1\nprotect: true\ntags: {Team: a}\nstacks:\n  network: {template: network}\n")
    running(dev, JSON)
    ran = run(dev, "adopt", "--stack-name", "legacy", "--key", "old")
    assert ran.exit_code == 0, ran.stderr
    assert "the stack has no tag Team, which the file gives to all: the next change adds that" in ran.stderr
    assert "    protect: false\n" in Path("params/dev.yaml").read_text()


VALUES = """\
Parameters:
  Whole: {Type: Number, Default: 1}
  Padded: {Type: Number, Default: 1}
  Ports: {Type: List<Number>, Default: "1"}
  Url: {Type: String, Default: x}
  Path: {Type: AWS::SSM::Parameter::Value<String>, Default: /a}
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Sub "${Whole}${Padded}${Url}"}}
"""


def test_values_by_their_types(dev: Project) -> None:
    given = {"Whole": "5", "Padded": "010", "Ports": "1,2", "Url": "postgres://u:secret@h/d", "Path": "/b"}
    execute(dev, ChangeSetRequest("legacy", "s", "CREATE", VALUES, parameters=given))
    ran = run(dev, "adopt", "--stack-name", "legacy", "--key", "old")
    assert ran.exit_code == 0, ran.stderr
    params = Path("params/dev.yaml").read_text()
    for line in ('"Whole": 5', '"Padded": 10', '"Ports": "1,2"', '"Url": {env: ADOPTED_URL}', '"Path": "/b"'):
        assert f"      {line}\n" in params
    assert "the number Padded is 010 in the stack and 10 in the file" in ran.stderr
    assert "secret" not in ran.stderr + params


def test_a_tag_that_the_file_does_not_take_is_left_out_and_said(dev: Project) -> None:
    running(dev, JSON, Team="a # b", Kept="1")
    ran = run(dev, "adopt", "--stack-name", "legacy", "--key", "old")
    assert ran.exit_code == 0, ran.stderr
    assert "the tag Team is left out, and the next change removes it" in ran.stderr
    assert '      "Kept": "1"\n' in Path("params/dev.yaml").read_text()


def test_nothing_is_written_where_the_file_would_be_wrong(dev: Project) -> None:
    tags = ", ".join(f"Env{number}: a" for number in range(30))
    dev.write(f"region: eu-west-1\ntags: {{{tags}}}\nstacks: {{}}\n")
    before = Path("params/dev.yaml").read_text()
    running(dev, JSON, **{f"Own{number}": "a" for number in range(20)})
    ran = run(dev, "adopt", "--stack-name", "legacy")
    assert (ran.exit_code, "nothing was written: with the lines above" in ran.stderr) == (3, True), ran.stderr
    assert '    tags:\n      "Own0": "a"\n' in ran.stderr
    assert Path("params/dev.yaml").read_text() == before
    assert not list(Path("templates").glob("legacy*"))


EMPTY = "# the first environment\nregion: eu-west-1 # Ireland\n"
AFTER = "  legacy:\n    template: legacy\n    name: legacy\n"


@pytest.mark.parametrize(
    ("file", "written"),
    [
        ("stacks: {}\n", "stacks:\n{}"),
        ("stacks: {} # none yet\n", "stacks: # none yet\n{}"),
        ("stacks:\n", "stacks:\n{}"),
        ("stacks:", "stacks:\n{}"),
        ("stacks: ~\ntags: {Team: a}\n", "stacks:\n{}tags: {{Team: a}}\n"),
        ("stacks:\n  # to come\n", "stacks:\n{}  # to come\n"),
        ("stacks:\nprotect: false\n", "stacks:\n{}protect: false\n"),
        ("", "stacks:\n{}"),
        ("protect: false # not yet", "protect: false # not yet\nstacks:\n{}"),
        ("stacks: # none yet\n", "stacks: # none yet\n{}"),
    ],
)
def test_the_first_stack_of_an_environment_keeps_every_comment(dev: Project, file: str, written: str) -> None:
    running(dev, JSON)
    dev.write(EMPTY + file)
    ran = run(dev, "adopt", "--stack-name", "legacy")
    assert ran.exit_code == 0, ran.stderr
    assert Path("params/dev.yaml").read_text() == EMPTY + written.format(AFTER)
    seen = run(dev, "diff", "--exit-code")
    assert (seen.exit_code, "Team" in file) in {(0, False), (8, True)}, seen.stdout + seen.stderr


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{EMPTY}stacks: {{network: {{template: network}}}}\n", "its stacks are not on lines of their own"),
        ("{region: eu-west-1, stacks: {}}\n", "its stacks are not on lines of their own"),
        (f"{EMPTY}stacks: []\n", "must be a mapping, not a list"),
        (f"{EMPTY}stack: {{}}\n", "did you mean stacks?"),
        ("stacks: {}\n", "the key region is missing"),
        ("# nothing\n", "the file is empty"),
    ],
)
def test_a_file_that_cannot_take_the_stack_stays_as_it_is(dev: Project, text: str, words: str) -> None:
    running(dev, JSON)
    dev.write(text)
    ran = run(dev, "adopt", "--stack-name", "legacy")
    assert (ran.exit_code, words in ran.stderr) == (3, True), ran.stderr
    assert Path("params/dev.yaml").read_text() == text
    assert not Path("templates/legacy.json").exists()


def test_adopting_goes_on_after_an_interruption_between_the_two_files(dev: Project) -> None:
    running(dev, JSON)
    assert run(dev, "adopt", "--stack-name", "legacy").exit_code == 0
    dev.write(EMPTY)
    ran = run(dev, "adopt", "--stack-name", "legacy")
    assert ran.exit_code == 0, ran.stderr


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ((), "a new file is made with --region REGION"),
        (("--region", "eu-west-1"), "rename params/staging.yml to staging.yaml"),
    ],
)
def test_a_params_file_that_is_missing_or_misnamed_is_explained(
    dev: Project, more: tuple[str, ...], words: str
) -> None:
    running(dev, JSON)
    if more:
        Path("params/staging.yml").write_text(EMPTY)
    place = ("--env", "staging", "--endpoint-url", dev.endpoint.url)
    ran = dev.run("adopt", *place, "--stack-name", "legacy", *more)
    assert (ran.exit_code, words in ran.stderr) == (3, True), ran.stderr
