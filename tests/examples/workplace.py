"""A copy of the project in a folder of its own, with an emulator of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Workplace:
    """A copy of the project, with an emulator of its own."""

    folder: Path
    home: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        environ |= {
            "AURORA_CFN_HOME": str(self.home),
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, "-m", "aurora_cfn", *arguments]
        return subprocess.run(
            command, cwd=self.folder, env=environ, capture_output=True, text=True, check=False, timeout=240
        )

    def outputs(self, environment: str) -> dict[str, dict[str, str]]:
        shown = self.run("outputs", "--env", environment, "--format", "json")
        assert (shown.returncode, shown.stderr) == (0, "")
        return dict(json.loads(shown.stdout))

    def client(self, service: str) -> Any:
        """An AWS client of its emulator, which is started when it does not run."""
        lines = [line.removeprefix("export ").partition("=") for line in self.run("local", "env").stdout.splitlines()]
        values = {name: value.strip("'\"") for name, _, value in lines}
        return boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=values["AWS_ENDPOINT_URL"],
            region_name="eu-west-1",
            aws_access_key_id=values["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=values["AWS_SECRET_ACCESS_KEY"],
        )
