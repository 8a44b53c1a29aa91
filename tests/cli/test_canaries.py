"""Every command, with canaries in each source of secrets: none of them is in anything that the command wrote."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aurora_cfn.cli import COMMANDS
from aurora_cfn.model.stack import NO_ECHO, Output, StackResource
from tests.cli.project import Project
from tests.cli.test_canary_logins import RUNS as LOGIN_RUNS

TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Description: Topics.
Parameters:
  FromShell: {Type: String}
  FromSsm: {Type: String}
  Quiet: {Type: String, NoEcho: true}
  Default: {Type: String, NoEcho: true, Default: canary-default}
Resources:
  ShellTopic: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref FromShell}}
  QuietTopic: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Quiet}}
  SsmTopic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Sub "${FromSsm}${Default}"}}
Outputs:
  Shell: {Value: !Ref FromShell}
  Ssm: {Value: !Sub "at ${FromSsm}"}
  Quiet: {Value: !Sub "${Quiet}"}
  QuietName: {Value: !GetAtt QuietTopic.TopicName}
  Default: {Value: !Ref Default}
"""
LEGACY = """\
Parameters:
  Quiet: {Type: String, NoEcho: true}
  Plain: {Type: String}
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Quiet, DisplayName: !Ref Plain}}
"""
PARAMS = """\
region: eu-west-1
account: "123456789012"
stacks:
  topics:
    template: topics
    parameters:
      FromShell: {env: CANARY}
      FromSsm: {ssm: /canary}
      Quiet: {env: QUIET}
"""
CANARIES = ("canary-shell", "canary-ssm", "canary-quiet", "canary-default", "canary-pasted", "canary-by-hand")
"""Beginnings: each has a value of today and one of the last deployment, which ends with `-old`."""
VARIABLES = {"CANARY": "canary-shell-now", "QUIET": "canary-quiet-now"}
BARE = ("--no-proof", "--no-preflight", "--no-snapshot")

RUNS: dict[str, list[tuple[str, ...]]] = {
    "render": [("--check",), ("topics", "--stdout")],
    "lint": [("--env", "dev"), ("--env", "dev", "--format", "json"), ("--format", "sarif")],
    "review": [(), ("--format", "json"), ("--format", "markdown")],
    "diff": [("--env", "dev"), ("--env", "dev", "--format", "json"), ("--env", "dev", "--live")],
    "cost": [("--env", "dev"), ("--env", "dev", "--format", "json")],
    "doctor": [("--env", "dev"), ("--env", "dev", "--format", "json")],
    "deploy": [
        ("--env", "dev", "--dry-run", *BARE),
        ("--env", "dev", "--plan", "plan.json", *BARE),
        ("--apply", "plan.json", "--yes", *BARE),
        ("--env", "dev", "--yes", "--log-format", "json", *BARE),
    ],
    "outputs": [("--env", "dev", "--format", form) for form in ("table", "json", "yaml", "env", "github")],
    "events": [("--env", "dev"), ("--env", "dev", "--log-format", "json", "--all"), ("--env", "dev", "--follow")],
    "status": [("--env", "dev"), ("--env", "dev", "--format", "json")],
    "drift": [("--env", "dev"), ("--env", "dev", "--format", "json")],
    "adopt": [("--env", "dev", "--stack-name", "legacy", "--key", "old")],
    "recover": [("--env", "dev", "--yes")],
    "destroy": [("--env", "dev", "--yes")],
    "refactor": [("--env", "dev", "--rename", "ShellTopic=NamedTopic", "--dry-run")],
    "import": [("--env", "dev", "--stack", "topics", "ShellTopic=canary", "--dry-run")],
    "package": [("--env", "dev")],
    "permissions": [("deploy", "--env", "dev")],
    "schema": [()],
    "facts": [("show",)],
    "docs": [("params",)],
    "completion": [("bash",)],
}
EXCUSED = {
    "clients": "it prints what deploy prints, and ARNs; tests/local/rds/test_clients_command.py",
    "dev": "it prints what the user's functions print; tests/examples/test_dev.py",
    "branch": "as restore; its address has no password; tests/local/rds/test_branch_command.py",
    "fleet": "its secrets are those of deploy, and are only compared; tests/local/test_account_fleet.py",
    "init": "it asks for no secret and reads no environment",
    **dict.fromkeys(LOGIN_RUNS, "run in test_canary_logins.py, with a database"),
    "migrate-v1": "as restore; tests/local/rds/test_migrate_command.py",
    "restore": "it prints what deploy and sql print, and ARNs; tests/local/rds/test_restore_command.py",
    "upgrade": "it prints what deploy and inspect print, and versions; tests/local/rds/test_upgrade_command.py",
    "local": "it is about the emulator, which stands for AWS and holds the values as AWS does",
    "vpn": "its secrets are keys in files of their own; tests/cli/commands/test_vpn.py",
}


DRIFT: dict[str, dict[str, object]] = {
    "DetectStackDrift": {"StackDriftDetectionId": "1"},
    "DescribeStackDriftDetectionStatus": {
        "StackId": "x",
        "StackDriftDetectionId": "1",
        "DetectionStatus": "DETECTION_COMPLETE",
        "Timestamp": datetime(2026, 11, 28, tzinfo=UTC),
    },
    "DescribeStackResourceDrifts": {
        "StackResourceDrifts": [
            {
                "StackId": "x",
                "LogicalResourceId": "ShellTopic",
                "PhysicalResourceId": "canary-shell-old",
                "ResourceType": "AWS::SNS::Topic",
                "StackResourceDriftStatus": "MODIFIED",
                "Timestamp": datetime(2026, 11, 28, tzinfo=UTC),
                "PropertyDifferences": [
                    {
                        "PropertyPath": "/TopicName",
                        "ExpectedValue": "canary-shell-old",
                        "ActualValue": "canary-by-hand",
                        "DifferenceType": "NOT_EQUAL",
                    }
                ],
            },
            {
                "StackId": "x",
                "LogicalResourceId": "GoneTopic",
                "PhysicalResourceId": "arn:aws:sns:eu-west-1:123456789012:canary-by-hand",
                "ResourceType": "AWS::SNS::Topic",
                "StackResourceDriftStatus": "MODIFIED",
                "Timestamp": datetime(2026, 11, 28, tzinfo=UTC),
                "PropertyDifferences": [
                    {
                        "PropertyPath": "/DisplayName",
                        "ExpectedValue": "shortcanary-default" * 10,
                        "ActualValue": "canary-by-hand " * 10,
                        "DifferenceType": "NOT_EQUAL",
                    }
                ],
            },
        ]
    },
}


@pytest.fixture
def topics(dev: Project, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Project:
    """A stack as the last deployment left it, with other values of the same secrets, and the repository around it."""
    monkeypatch.setenv("HOME", str(dev.folder / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(dev.folder / "cache"))
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    for path in (dev.folder / "templates").iterdir():
        path.unlink()
    _committed(dev)
    cfn = dev.endpoint.cfn
    dev.endpoint.ssm["/canary"] = "canary-ssm-now"
    given = {"FromShell": "canary-shell-old", "FromSsm": "canary-ssm-old", "Quiet": NO_ECHO, "Default": NO_ECHO}
    values = {"Shell": "canary-shell-old", "Ssm": "at canary-ssm-old", "Quiet": "canary-quiet-old"}
    values |= {"QuietName": "canary-quiet-old", "Default": "canary-default"}
    outputs = tuple(Output(key, value) for key, value in values.items())
    # A resource that the worktree no longer has, whose name and value only the deployed template explains.
    gone = (
        "  GoneTopic: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Quiet, DisplayName: !Ref Quiet}}\nOutputs:"
    )
    deployed = TEMPLATE.replace("Outputs:", gone)
    stack = cfn.put("topics-dev", "UPDATE_COMPLETE", deployed, parameters=given, outputs=outputs)
    cfn.put("legacy", "UPDATE_COMPLETE", LEGACY, parameters={"Quiet": NO_ECHO, "Plain": "x"})
    for name, physical in (("ShellTopic", "canary-shell-old"), ("QuietTopic", "canary-quiet-old"), ("SsmTopic", "t")):
        cfn.put_resource(stack, StackResource(name, "AWS::SNS::Topic", "CREATE_COMPLETE", physical))
    cfn.replaces |= {"ShellTopic", "QuietTopic"}
    if "[events]" in request.node.name:
        _run(dev, "deploy", ("--env", "dev", "--yes", *BARE))
    dev.endpoint.answers |= DRIFT
    return dev


def _rewrite(dev: Project, change: Callable[[str], str]) -> None:
    """The template, in the worktree and as it is deployed."""
    path = dev.folder / "templates" / "topics.yaml"
    path.write_text(change(path.read_text()))
    dev.endpoint.answers["GetTemplate"] = {"TemplateBody": change(TEMPLATE)}
    stack = dev.endpoint.cfn.stack("topics-dev")
    assert stack is not None
    given = {**stack.parameters, "Quiet": "canary-quiet-old", "Default": "canary-default-old"}
    made = dev.endpoint.cfn.put("topics-dev", "UPDATE_COMPLETE", TEMPLATE, parameters=given, outputs=stack.outputs)
    assert made.arn


def _committed(dev: Project) -> None:
    """Two commits between which the default of the NoEcho parameter changes, on a branch."""
    (dev.folder / "templates" / "topics.yaml").write_text(TEMPLATE.replace("canary-default", "canary-default-old"))
    dev.write(PARAMS)
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false"]
    for words in (["init", "-qb", "main"], ["add", "-A"], ["commit", "-qm", "a"], ["checkout", "-qb", "change"]):
        subprocess.run([*git, *words], check=True, cwd=dev.folder)
    (dev.folder / "templates" / "topics.yaml").write_text(TEMPLATE)


def _run(dev: Project, command: str, arguments: tuple[str, ...]) -> str:
    """Standard output and error of the command, against the endpoint where it takes one."""
    offline = {"render", "lint", "review", "cost", "schema", "facts", "docs", "completion"}
    address = () if command in offline else ("--endpoint-url", dev.endpoint.url)
    ran = dev.run("--debug", command, *arguments, *address)
    assert ran.exit_code not in {2, 70}, f"{command} {arguments}: {ran.output}"
    return ran.output


def written(folder: Path) -> Iterator[tuple[str, str]]:
    """Path and text of every file below, but for the template and git's copy of it, which hold the default."""
    for path in folder.rglob("*"):
        place = path.relative_to(folder)
        if path.is_file() and place.parts[0] != ".git" and place != Path("templates/topics.yaml"):
            yield str(place), path.read_bytes().decode("utf-8", "replace")


def canaries(text: str) -> list[str]:
    return [line for line in text.splitlines() if any(canary in line for canary in CANARIES)]


def found_in(dev: Project, command: str) -> list[str]:
    """Every line with a canary in what the command printed, and in the files that it wrote."""
    found = [line for arguments in RUNS[command] for line in canaries(_run(dev, command, arguments))]
    return found + [f"{path}: {line}" for path, text in written(dev.folder) for line in canaries(text)]


def test_every_command_is_run_or_excused() -> None:
    assert sorted(RUNS.keys() | EXCUSED.keys()) == sorted(COMMANDS)
    assert not RUNS.keys() & EXCUSED.keys()


@pytest.mark.parametrize("command", RUNS)
def test_no_command_writes_a_canary(topics: Project, command: str) -> None:
    assert found_in(topics, command) == []


@pytest.mark.parametrize("command", ["outputs", "events", "deploy", "diff", "review", "drift"])
def test_the_search_finds_what_is_no_secret(topics: Project, command: str) -> None:
    """The same values, written into the params file for NoEcho-less parameters, are shown: the test above can fail."""
    _rewrite(topics, lambda text: text.replace(", NoEcho: true", ""))
    written = PARAMS.replace("{ssm: /canary}", "canary-ssm-now").replace("{env: CANARY}", "canary-shell-now")
    topics.write(written.replace("{env: QUIET}", "canary-quiet-now"))
    assert found_in(topics, command)


def test_the_search_finds_a_canary_in_a_file(topics: Project) -> None:
    (topics.folder / "cache").mkdir()
    (topics.folder / "cache" / "some.json").write_text('{"value": "canary-shell-now"}')
    assert [line for _, text in written(topics.folder) for line in canaries(text)]


def test_outputs_are_revealed_to_who_asks(topics: Project) -> None:
    ran = topics.run("outputs", "--env", "dev", "--reveal", "--endpoint-url", topics.endpoint.url)
    assert ran.stdout.count("canary") == 5
    ran = topics.run("outputs", "Quiet", "--env", "dev", "--endpoint-url", topics.endpoint.url)
    assert (ran.exit_code, ran.stdout) == (3, "")
    assert "--reveal" in ran.stderr


PASTED: dict[str, tuple[str, str]] = {
    "the name of a secret": ("DBMaster", "canary-pasted: Tr0ub4dor&3"),
    "a name": ("DatabaseName", "canary-pasted!"),
    "one of a few": ("DeletionProtection", "canary-pasted"),
    "a number": ("MaxCapacity", "canary-pasted"),
    "a list": ("Subnets", "[canary-pasted, 'canary-pasted,x']"),
    "a mapping": ("DBMaster", "{ssm: 'canary-pasted Tr0ub4dor'}"),
}


@pytest.mark.parametrize("case", PASTED)
@pytest.mark.parametrize("command", [("lint",), ("deploy", "--yes", *BARE), ("diff",), ("cost",), ("review",)])
def test_a_password_in_the_wrong_place_is_not_repeated(
    dev: Project, rendered: dict[str, str], command: tuple[str, ...], case: str
) -> None:
    name, value = PASTED[case]
    quoted = value if value[0] in "[{" else f"'{value}'"
    text = PARAMS.partition("stacks:")[0] + "stacks:\n  db:\n    template: aurora-serverless-postgres\n"
    dev.write(f"{text}    parameters:\n      {name}: {quoted}\n")
    verb, *options = command
    ran = dev.run(verb, *([] if verb == "review" else ["--env", "dev"]), *options)
    assert ran.exit_code in {1, 3}, ran.output
    assert canaries(ran.output) == []
