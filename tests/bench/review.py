"""The review of all templates with ten changes, measured against rendering them all."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measure import AURORA, ENVIRONMENT, Case

CHANGES = 10
_DESCRIPTION = re.compile(r"^      [A-Za-z]*(Description|Period|Days|Protection): .*$", re.MULTILINE)


def cases(folder: Path) -> Iterator[Case]:
    """One case, in a git repository of its own below the folder."""
    project = folder / "review"
    project.mkdir()
    for command in (
        [*AURORA, "render"],
        ["git", "init", "-q", "-b", "main"],
        ["git", "add", "-A"],
        ["git", "-c", "user.name=b", "-c", "user.email=b@example.com", "commit", "-q", "-m", "before"],
    ):
        subprocess.run(command, cwd=project, check=True, capture_output=True, env=ENVIRONMENT)
    edit(project / "templates")
    options = ["--base", "HEAD", "--allow-replace", "DBCluster", "--allow-replace", "DBInstance"]
    yield Case("review", [*AURORA, "review", *options], [*AURORA, "render", "--stdout"], 2.5, project)


def edit(folder: Path) -> int:
    """Give ten properties another value, spread over the templates; gives back how many were found to change."""
    done = 0
    files = sorted(folder.glob("*.yaml"))
    for turn in range(CHANGES):
        for file in files:
            text = file.read_text()
            hits = list(_DESCRIPTION.finditer(text))
            if done < CHANGES and turn < len(hits):
                hit = hits[turn]
                key = hit[0].partition(":")[0]
                file.write_text(f"{text[: hit.start()]}{key}: changed{text[hit.end() :]}")
                done += 1
    return done
