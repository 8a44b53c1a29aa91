"""The tools, pinned by the locks of `tests/clients`, and the command that each has for the same work."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from tests.bench.deploying import PARAMETERS, STACK
from tests.bench.measure import AURORA, ENVIRONMENT
from tests.bench.peers import projects
from tests.bench.peers.projects import ACCOUNT, REGION, TEMPLATE
from tests.clients.catalogue import Client
from tests.clients.environments import Environments

HELP, RENDER, ONE, AGAIN, ALL = "help", "render one", "lint one", "lint one again", "lint all"
NEW, SAME = "deploy a new stack", "deploy again, no change"
OURS = "aurora-cfn"
GIVEN = [f"{name}={value}" for name, value in PARAMETERS.items()]


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: what it runs for each work that it can do, in which folder, and once before with `first`."""

    name: str
    version: str
    works: Mapping[str, Sequence[str]]
    folder: Path
    environment: Mapping[str, str]
    first: Sequence[str] = ()


def tools(folder: Path, cache: Path) -> list[Tool]:
    """All of them, installed; the project with the templates is in the folder."""
    installed = Environments(cache)
    return [_ours(folder), _cfn_lint(folder), _aws(folder, installed), _sceptre(folder, installed),
            _sam(folder, installed), _cdk(folder, installed)]  # fmt: skip


def _ours(folder: Path) -> Tool:
    deploy = [*AURORA, "deploy", "--env", "bench", "--yes"]
    works = {
        HELP: [*AURORA, "--help"],
        RENDER: [*AURORA, "render", Path(TEMPLATE).stem, "--stdout"],
        ONE: [*AURORA, "lint", "--no-cache", TEMPLATE],
        AGAIN: [*AURORA, "lint", TEMPLATE],
        ALL: [*AURORA, "lint", "--no-cache", "templates"],
        NEW: deploy,
        SAME: deploy,
    }
    return Tool(OURS, version(OURS), works, folder, ENVIRONMENT, first=deploy)


def _cfn_lint(folder: Path) -> Tool:
    command = str(Path(sys.executable).with_name("cfn-lint"))
    one = [command, TEMPLATE]
    works = {HELP: [command, "--help"], ONE: one, AGAIN: one, ALL: [command, "templates/*.yaml"]}
    return Tool("cfn-lint", version("cfn-lint"), works, folder, _plain())


def _aws(folder: Path, installed: Environments) -> Tool:
    command, number = _installed(installed, "awscli", "aws-cli", "aws")
    deploy = [command, "cloudformation", "deploy", "--stack-name", STACK, "--template-file", TEMPLATE,
              "--parameter-overrides", *GIVEN, "--capabilities", "CAPABILITY_NAMED_IAM",
              "--no-fail-on-empty-changeset"]  # fmt: skip
    return Tool("AWS CLI", number, {HELP: [command, "--version"], NEW: deploy, SAME: deploy}, folder, _plain())


def _sceptre(folder: Path, installed: Environments) -> Tool:
    command, number = _installed(installed, "sceptre", "sceptre", "sceptre")
    launch = [command, "launch", "-y", "db.yaml"]
    works = {HELP: [command, "--help"], RENDER: [command, "generate", "db.yaml"], NEW: launch, SAME: launch}
    return Tool("Sceptre", number, works, projects.sceptre(folder), _plain())


def _sam(folder: Path, installed: Environments) -> Tool:
    command, number = _installed(installed, "aws-sam-cli", "sam", "sam")
    lint = [command, "validate", "--lint", "--region", REGION, "--template", TEMPLATE]
    deploy = [command, "deploy", "--stack-name", STACK, "--template-file", TEMPLATE, "--parameter-overrides", *GIVEN,
              "--capabilities", "CAPABILITY_NAMED_IAM", "--no-confirm-changeset", "--no-progressbar",
              "--no-fail-on-empty-changeset"]  # fmt: skip
    works = {HELP: [command, "--help"], ONE: lint, AGAIN: lint, NEW: deploy, SAME: deploy}
    return Tool("SAM CLI", number, works, folder, _plain() | {"SAM_CLI_TELEMETRY": "0"})


def _cdk(folder: Path, installed: Environments) -> Tool:
    modules = Path(installed.command(Client("CDK", "aws-cdk", "node", "cdk.mjs"))[1]).parent / "node_modules"
    numbers = [
        json.loads((modules / name / "package.json").read_text())["version"] for name in ("aws-cdk", "aws-cdk-lib")
    ]
    command, quiet = str(modules / ".bin/cdk"), ["--no-notices", "--ci", "--app"]
    deploy = [command, "deploy", "--require-approval", "never", *quiet, "node included.cjs"]
    works = {
        HELP: [command, "--help"],
        RENDER: [command, "synth", "--quiet", *quiet, "node constructs.cjs"],
        NEW: deploy,
        SAME: deploy,
    }
    bootstrap = [command, "bootstrap", f"aws://{ACCOUNT}/{REGION}", *quiet, "node constructs.cjs"]
    more = {"CDK_DISABLE_CLI_TELEMETRY": "true"}
    name = f"{numbers[0]}, aws-cdk-lib {numbers[1]}"
    return Tool("CDK", name, works, projects.cdk(folder, modules), _plain() | more, first=bootstrap)


def _installed(installed: Environments, package: str, environment: str, command: str) -> tuple[str, str]:
    """The path of a Python tool's command, and its version."""
    client = Client(command, package, environment, "")
    return str(Path(installed.command(client)[0]).with_name(command)), installed.version(client)


def _plain() -> dict[str, str]:
    """The environment without what only our checkout needs."""
    return {name: value for name, value in ENVIRONMENT.items() if not name.startswith("PYTHON")}


def cores_and_python() -> str:
    """What the machine runs: cores, Python and node."""
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    return f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, node {node.removeprefix('v')}"
