"""The code of a function that was replaced by hand: `status`, `drift` and `deploy` name it, and how to put it back."""

from __future__ import annotations

import hashlib
from base64 import b64encode

import pytest

from aurora_cfn.cli.runs.target import project_templates
from aurora_cfn.packaging import built
from tests.cli.commands.test_package import PARAMS
from tests.cli.project import Project

WAY_BACK = "put it back with `aws lambda update-function-code --function-name games-dev-"
DRIFT: dict[str, dict[str, object]] = {
    "DetectStackDrift": {"StackDriftDetectionId": "1"},
    "DescribeStackDriftDetectionStatus": {"DetectionStatus": "DETECTION_COMPLETE"},
    "DescribeStackResourceDrifts": {"StackResourceDrifts": []},
}


def run(dev: Project, command: str, *options: str) -> tuple[int, str]:
    ran = dev.run(command, "--env", "dev", "--endpoint-url", dev.endpoint.url, *options)
    return ran.exit_code, ran.output


@pytest.fixture
def games(dev: Project) -> Project:
    """A deployed stack whose functions run the packaged zip."""
    dev.write(PARAMS)
    dev.endpoint.s3.buckets["code-of-dev"] = {}
    assert dev.deploy("--yes").exit_code == 0
    dev.endpoint.answers |= DRIFT
    templates = project_templates()
    zipped = built([templates["dsql-api"]])["dsql-api"].data
    digest = b64encode(hashlib.sha256(zipped).digest()).decode()
    stack = dev.endpoint.cfn.stack("games-dev")
    assert stack is not None
    rows = [row for row in dev.endpoint.cfn.resources(stack.arn) if row.type == "AWS::Lambda::Function"]
    dev.endpoint.code |= {row.physical_id: digest for row in rows}
    assert rows
    return dev


COMMANDS: dict[tuple[str, ...], tuple[int, int]] = {
    ("status", "--exit-code"): (0, 8),
    ("drift", "--exit-code"): (0, 8),
    ("deploy", "--yes", "--no-proof", "--no-preflight"): (0, 0),
}
"""The exit codes without and with other code."""


@pytest.mark.parametrize("command", COMMANDS)
def test_other_code_is_named_and_the_packaged_zip_is_not(games: Project, command: tuple[str, ...]) -> None:
    same, other = COMMANDS[command]
    code, said = run(games, *command)
    assert (code, WAY_BACK in said) == (same, False), said
    name = next(iter(games.endpoint.code))
    games.endpoint.code[name] = "c3dhcHBlZA=="
    code, said = run(games, *command)
    assert code == other, said
    assert f"{WAY_BACK.removesuffix('games-dev-')}{name} --s3-bucket code-of-dev --s3-key aurora-cfn/dsql-api/" in said


def test_the_emulator_is_compared_too_and_the_command_reaches_it(games: Project) -> None:
    address = games.endpoint.url
    games.write(f"endpoint: local\n{PARAMS}")
    assert run(games, "drift", "--exit-code")[0] == 0
    games.endpoint.code[next(iter(games.endpoint.code))] = "c3dhcHBlZA=="
    code, said = run(games, "drift", "--exit-code")
    assert code == 8, said
    assert f".zip --region eu-west-1 --endpoint-url {address}`" in said
    assert "`aurora-cfn deploy` does not change it while the template stays the same" in said


@pytest.mark.parametrize("change", ["the function is gone", "the code is of another version", "not allowed"])
def test_what_cannot_be_compared_is_no_difference(games: Project, change: str) -> None:
    name = next(iter(games.endpoint.code))
    games.endpoint.code[name] = "c3dhcHBlZA=="
    if change == "the function is gone":
        games.endpoint.code.clear()
    elif change == "not allowed":
        games.endpoint.refusals["ListStackResources"] = [("AccessDenied", "no")]
    else:
        games.write(PARAMS + "      CodeBucket: mine\n      CodeKey: other.zip\n")
    code, said = run(games, "drift")
    assert (code, WAY_BACK in said) == (0, False), said
