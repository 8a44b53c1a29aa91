"""Run a command line tool and give what it printed; a failure raises with both streams."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

TIMEOUT = 300


def run(*words: str, folder: Path | str = ".", **variables: str) -> str:
    """The standard output of a tool of this environment."""
    programs = Path(sys.executable).parent
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "AWS_PAGER": "", "SAM_CLI_TELEMETRY": "0"} | variables
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, timeout=TIMEOUT)
    if done.returncode:
        raise RuntimeError(f"{' '.join(words[:4])} ended with {done.returncode}: {(done.stderr + done.stdout)[-350:]}")
    return done.stdout


def template(name: str) -> str:
    """The path of one of this repository's templates."""
    return str(Path(os.environ["REPOSITORY"]) / "templates" / f"{name}.yaml")


def bucket(name: str) -> dict[str, Any]:
    """A small template with one bucket and one output."""
    return {
        "Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name}}},
        "Outputs": {"Name": {"Value": {"Ref": "B"}}},
    }
