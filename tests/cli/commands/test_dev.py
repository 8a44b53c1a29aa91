"""`aurora-cfn dev` where it needs no emulator: on AWS it is refused, and it needs no permission."""

from __future__ import annotations

import importlib.util

import pytest

from aurora_cfn.cli.runs.dev import launch_json
from tests.cli.project import Project


def test_on_aws_it_is_refused(dev: Project) -> None:
    result = dev.run("dev", "--env", "dev")
    assert result.exit_code == 3
    assert "dev runs functions behind the emulator only: use an environment with `endpoint: local`" in result.stderr
    assert dev.endpoint.actions == []


@pytest.mark.skipif(importlib.util.find_spec("debugpy") is not None, reason="debugpy is installed here")
def test_a_missing_debugger_is_named(dev: Project) -> None:
    result = dev.run("dev", "--env", "dev", "--debug", "5999")
    assert result.exit_code == 3
    assert "--debug needs debugpy, which is not installed: pip install debugpy" in result.stderr


def test_it_needs_no_permission(dev: Project) -> None:
    result = dev.run("permissions", "dev")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "dev makes no call to AWS and needs no permission" in result.stderr


def test_each_function_has_a_configuration_of_its_own() -> None:
    rows = launch_json({"orders": 5678, "carts": 5679})["configurations"]
    assert [(row["name"], row["connect"]) for row in rows] == [
        ("attach to orders", {"host": "127.0.0.1", "port": 5678}),
        ("attach to carts", {"host": "127.0.0.1", "port": 5679}),
    ]
