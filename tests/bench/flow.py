"""How many modules a command runs, and which modules call each other both ways: `python -m tests.bench.flow [FOLDER]`.

FOLDER is a checkout of any version, this one by default. Three commands run there, each with a profiler that notes
every call from a module of the package to another one. Calls through other packages (click, threads, dataclasses) count
as calls of the module that stands before them on the stack.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

from tests.bench.measure import ROOT
from tests.bench.review import edit

PROFILER = """
import atexit, json, os, sys, threading

OPTIMIZED = 0x1  # the flag of a function's code: modules and class bodies, which run when they are imported, have none
ran, calls = set(), set()

def module(frame):
    name = frame.f_globals.get("__name__", "")
    return name if name.startswith("aurora_cfn") and frame.f_code.co_flags & OPTIMIZED else ""

def note(frame, event, argument):
    callee = module(frame) if event == "call" else ""
    if callee:
        ran.add(callee)
        caller = frame.f_back
        while caller is not None and not module(caller):
            caller = caller.f_back
        if caller is not None and module(caller) != callee:
            calls.add((module(caller), callee))

def write():
    sys.setprofile(None)
    imported = [name for name in sys.modules if name.startswith("aurora_cfn")]
    with open(os.environ["FLOW_FILE"], "w") as file:
        json.dump({"imported": len(imported), "ran": sorted(ran), "calls": sorted(calls)}, file)

atexit.register(write)
from aurora_cfn.cli import main
threading.setprofile(note)
sys.setprofile(note)
main()
"""
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "render": ("render", "--stdout"),
    "review --base": ("review", "--base", "HEAD", "--allow-replace", "DBCluster", "--allow-replace", "DBInstance"),
    "deploy --env local": ("deploy", "--env", "local", "--yes"),
}


@dataclass(frozen=True, slots=True)
class Flow:
    """One command: modules imported, modules of which a function ran, and pairs that call each other both ways."""

    name: str
    imported: int
    ran: frozenset[str]
    pairs: tuple[tuple[str, str], ...]

    @property
    def row(self) -> str:
        """Its line of the table."""
        inside = sum(all(name.split(".")[1] == "deploy" for name in pair) for pair in self.pairs)
        return f"{self.name:<20}{self.imported:>10}{len(self.ran):>6}{len(self.pairs):>12}{inside:>20}"


def measured(checkout: Path, folder: Path) -> list[Flow]:
    """The flows of the commands, in a project of its own below the folder with an emulator of its own."""
    project = folder / "project"
    project.mkdir()
    homes = {"AURORA_CFN_HOME": str(folder / "home"), "AURORA_CFN_CACHE": str(folder / "cache")}
    environment = os.environ | homes | {"PYTHONPATH": str(checkout), "FLOW_FILE": str(folder / "flow.json")}
    for part in ("params", "templates"):
        copytree(checkout / part, project / part)
    for command in (
        ["git", "init", "-q", "-b", "main"],
        ["git", "add", "-A"],
        ["git", "-c", "user.name=b", "-c", "user.email=b@example.com", "commit", "-q", "-m", "before"],
    ):
        subprocess.run(command, cwd=project, check=True, capture_output=True)
    try:
        return [_flow(name, words, project, environment) for name, words in COMMANDS.items()]
    finally:
        stop = [sys.executable, "-m", "aurora_cfn", "local", "stop"]
        subprocess.run(stop, cwd=project, check=False, capture_output=True, env=environment)


def _flow(name: str, words: tuple[str, ...], project: Path, environment: Mapping[str, str]) -> Flow:
    if name.startswith("review"):
        edit(project / "templates")
    command = [sys.executable, "-c", PROFILER, *words]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, env=environment, check=False)
    if name.startswith("review"):
        subprocess.run(["git", "checkout", "-q", "."], cwd=project, check=True)
    if done.returncode:
        raise SystemExit(f"{name} ended with {done.returncode}:\n{done.stderr}")
    document = json.loads(Path(environment["FLOW_FILE"]).read_text())
    calls = {(caller, callee) for caller, callee in document["calls"]}
    pairs = sorted((one, other) for one, other in calls if one < other and (other, one) in calls)
    return Flow(name, document["imported"], frozenset(document["ran"]), tuple(pairs))


def main() -> None:
    """Print the table, and the pairs of each command."""
    checkout = Path(sys.argv[1]).resolve() if sys.argv[1:] else ROOT
    with tempfile.TemporaryDirectory() as name:
        flows = measured(checkout, Path(name))
    print(f"{'command':<20}{'imported':>10}{'ran':>6}{'both ways':>12}{'of these in deploy':>20}")
    for flow in flows:
        print(flow.row)
    for flow in flows:
        for one, other in flow.pairs:
            print(f"{flow.name}: {one.removeprefix('aurora_cfn.')} <-> {other.removeprefix('aurora_cfn.')}")


if __name__ == "__main__":
    main()
