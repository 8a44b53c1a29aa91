"""A copy of the project in a folder of its own, with an emulator of its own."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from types import MappingProxyType
from typing import Any

import boto3
from click.testing import CliRunner

from aurora_cfn.cli import root

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Workplace:
    """A copy of the project, with an emulator of its own."""

    folder: Path
    home: Path

    def run(self, *arguments: str, environ: Mapping[str, str] = MappingProxyType({})) -> CompletedProcess[str]:
        """One whole command, in this process: a process for each would load boto3 and cfn-lint again, half a second."""
        given: dict[str, str | None] = {name: None for name in os.environ if name.startswith("AWS_")}
        with chdir(self.folder):
            done = CliRunner().invoke(root, arguments, env=given | {"AURORA_CFN_HOME": str(self.home), **environ})
        return CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)

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
