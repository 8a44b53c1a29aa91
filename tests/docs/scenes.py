"""The transcripts of the docs, each from a real run: of a fresh project, or of this one on the embedded emulator."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from aurora_cfn.local import launcher
from aurora_cfn.local.home import Home
from tests.docs.terminal import session


@dataclass(frozen=True, slots=True)
class Scene:
    """Commands to show, after a project was prepared; `emulated` where they need the emulator."""

    commands: str
    prepare: Callable[[Path], None] = lambda folder: None
    emulated: bool = False


def _replace(file: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} has no {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def _move_over(folder: Path) -> None:
    """A template and parameters as the AWS CLI deployed them, moved into a project that has nothing else."""
    for file in (*folder.glob("params/*.yaml"), *folder.glob("templates/*")):
        file.unlink()
    (folder / "templates" / "orders.yaml").write_text(_ORDERS, encoding="utf-8")
    (folder / "params" / "local.yaml").write_text(_ORDERS_PARAMS, encoding="utf-8")


_ORDERS = """\
Parameters:
  Days: {Type: Number}
  Team: {Type: String}
Resources:
  Logs:
    Type: AWS::Logs::LogGroup
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties: {LogGroupName: !Sub "/${Team}/orders", RetentionInDays: !Ref Days}
Outputs:
  LogGroup: {Value: !Ref Logs}
"""
_ORDERS_PARAMS = """\
region: eu-west-1
endpoint: local
stacks:
  orders:
    template: orders
    name: orders-dev
    parameters:
      Days: 30
      Team: shop
"""

SCENES: Mapping[str, Scene] = {
    "transcript of moving over": Scene(
        "cat params/local.yaml\naurora-cfn lint --env local\naurora-cfn deploy --env local --yes 2> deploy.log",
        _move_over,
        emulated=True,
    ),
    "transcript of review": Scene(
        "aurora-cfn review",
        _replace("params/dev.yaml", "DatabaseName: app\n", "DatabaseName: orders\n"),
    ),
    "transcript of wrong params": Scene(
        "aurora-cfn deploy --env dev",
        _replace(
            "params/dev.yaml",
            "      DatabaseName: app\n      MaxCapacity: 4\n",
            "      MinCapacity: 8\n      MaxCapactiy: 4\n      DatabaseName: select\n",
        ),
    ),
    "transcript of cost": Scene("aurora-cfn cost --env dev"),
    "transcript of explain": Scene("aurora-cfn lint --explain E9024"),
    "transcript of deploy": Scene(
        "aurora-cfn deploy --env local\naurora-cfn sql --env local 'select version()' --format table", emulated=True
    ),
    "transcript of service database": Scene(
        "aurora-cfn init --example service-database 2> init.log\n"
        "aurora-cfn deploy --env service-database --yes 2> deploy.log\n"
        "aurora-cfn sql --env service-database 'select current_user' --format table\n"
        "aurora-cfn access rotate --env service-database --wait --yes > version.txt",
        emulated=True,
    ),
    "transcript of upgrade": Scene(
        "aurora-cfn deploy --env local --yes > outputs.txt 2> deploy.log\n"
        "echo '      EngineVersion: \"18.3\"' >> params/local.yaml\n"
        "aurora-cfn deploy --env local --dry-run --allow-replace DBCluster",
        emulated=True,
    ),
    "transcript of failure": Scene(
        "aurora-cfn local start\n"
        'aurora-cfn local simulate --fault "create:Writer=no capacity in this zone"\n'
        "aurora-cfn deploy --env local --yes 2> deploy.log\n"
        "tail -n 2 deploy.log\n"
        "aurora-cfn status --env local\n"
        "aurora-cfn local simulate --clear\n"
        "aurora-cfn deploy --env local --yes --recreate 2>&1 | tail -n 1",
        emulated=True,
    ),
}
"""Name of a generated part to the run that it shows."""

_VARIES = re.compile(
    r"""(\d+m\ ?)?\d+(\.\d)?\ ?s\b | \d+\ min(?=\ ago)   # seconds, and ages
      | \#+                                              # the bars of a timeline
      | \d+(\.\d+)?\ [KMG]iB(?=\ of\ data) | PostgreSQL\ \d[^\n]* | (?<=DBPort)\s+\d+ | 127\.0\.0\.1:\d+ | (?<=pid\ )\d+
      | (?<=cluster-)[0-9A-Fa-f-]{20,}
      | (?<=credentials-)[0-9a-f]{6}\b | [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}
      | (?<=sg-)[0-9a-f]+ | \b[0-9a-f]{12}\b
      | (?<=\.yaml:)\d+                                  # lines of a template move with every change to it
      | \d{4}-\d\d-\d\d(T|\ )\d\d:\d\d(:\d\d)?Z?""",
    re.VERBOSE,
)
"""What differs from run to run: times, ids, ports, and the PostgreSQL of the machine."""

_TIMELINE = re.compile(r"^[\w-]+, slowest resources:\n(?:  .*\n)+", re.MULTILINE)
"""The timeline of a stack, which is printed only where a resource took a second or more."""


def steady(transcript: str) -> str:
    """The transcript without what differs from run to run."""
    return re.sub(r" +", " ", _VARIES.sub("~", _TIMELINE.sub("", transcript)))


def play(scene: Scene) -> str:
    """The transcript of a run, as a block of Markdown."""
    with TemporaryDirectory() as temporary:
        folder, home = Path(temporary) / "project", Path(temporary) / "home"
        # What another test has linted need not be linted again.
        linted = os.environ.get("AURORA_CFN_CACHE", str(Path(temporary) / "cache"))
        variables = {"AURORA_CFN_HOME": str(home), "AURORA_CFN_CACHE": linted}
        shutil.copytree(_new_project(), folder)
        scene.prepare(folder)
        try:
            shown = session(scene.commands, folder, variables)
        finally:
            if scene.emulated:
                launcher.reset(Home(home))
    return f"\n```console\n{shown}```\n"


@cache
def _new_project() -> Path:
    """A repository as `aurora-cfn init` makes it, with one commit; every scene plays in a copy."""
    temporary = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, temporary, ignore_errors=True)
    folder = Path(temporary) / "project"
    folder.mkdir()
    identity = "git -c user.name=docs -c user.email=docs@example.com"
    session(f"git init -q -b main\naurora-cfn init --yes\ngit add -A\n{identity} commit -qm start", folder, {})
    subprocess.run(["git", "rev-parse", "HEAD"], cwd=folder, check=True, capture_output=True)
    return folder
