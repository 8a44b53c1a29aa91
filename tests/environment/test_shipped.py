"""The params files that come with the project."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aurora_cfn.environment import load, schema_text
from aurora_cfn.model.environment import Environment
from aurora_cfn.yamltext import read_plain
from tests.blueprints.known import KNOWN
from tests.environment.evaluator import errors

PARAMS = Path(__file__).parents[2] / "params"
STAGES = ("dev", "staging", "uat", "production", "local")
FILES = sorted(PARAMS.glob("*.yaml"))
EXAMPLES = sorted((PARAMS / "examples").glob("*.yaml"))


def environment(name: str) -> Environment:
    path = PARAMS / f"{name}.yaml"
    return load(path.read_text(encoding="utf-8"), f"params/{name}.yaml", name, KNOWN)


def values(name: str) -> dict[str, Any]:
    stack = environment(name).stack("aurora-serverless")
    assert stack is not None
    return dict(stack.parameters)


def test_the_five_stages_are_there() -> None:
    assert {path.stem for path in FILES} >= set(STAGES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_loader_takes_the_file_without_a_warning(path: Path) -> None:
    assert environment(path.stem).warnings == ()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_schema_takes_the_file_and_the_file_names_the_schema(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=schema.json\n")
    assert errors(json.loads((PARAMS / "schema.json").read_text()), read_plain(text, path.name).value) == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_whole_without_a_warning_and_known_to_editors(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = load(text, f"params/examples/{path.name}", path.stem, KNOWN)
    assert (found.warnings, found.endpoint) == ((), "local")
    assert found.tags["Environment"] == path.stem
    assert text.startswith("# yaml-language-server: $schema=../schema.json\n")
    assert errors(json.loads((PARAMS / "schema.json").read_text()), read_plain(text, path.name).value) == []


def test_there_is_an_example_of_every_system_and_none_is_a_stage() -> None:
    used = {stack.template for path in EXAMPLES for stack in load(path.read_text(), "x", path.stem, KNOWN).stacks}
    assert used == set(KNOWN)
    assert not {path.stem for path in EXAMPLES} & {path.stem for path in FILES}


def test_the_committed_schema_is_fresh() -> None:
    assert (PARAMS / "schema.json").read_text(encoding="utf-8") == schema_text(KNOWN)


@pytest.mark.parametrize(
    ("name", "capacity", "pause", "retention", "protection"),
    [
        ("dev", (None, "4"), ("true", "3600"), "1", "false"),
        # A cluster with a minimum of 2 ACU never pauses, so it asks for no pause.
        ("production", ("2", "32"), ("false", None), "30", "true"),
    ],
)
def test_the_stages_differ_as_they_should(
    name: str, capacity: tuple[str | None, str], pause: tuple[str, str | None], retention: str, protection: str
) -> None:
    given = values(name)
    assert (given.get("MinCapacity"), given["MaxCapacity"]) == capacity
    assert (given["AutoPause"], given.get("SecondsUntilAutoPause")) == pause
    assert (given["DBBackupRetentionPeriod"], given["DeletionProtection"]) == (retention, protection)
    assert given["EnvironmentName"] == name


@pytest.mark.parametrize("parameter", ["MaxCapacity", "SecondsUntilAutoPause", "DBBackupRetentionPeriod"])
def test_stages_grow_from_dev_to_production(parameter: str) -> None:
    sizes = [float(given[parameter]) for name in STAGES[:4] if parameter in (given := values(name))]
    assert len(sizes) >= 3
    assert sizes == sorted(sizes)


def test_only_production_is_protected_and_only_local_stays_here() -> None:
    assert [name for name in STAGES if environment(name).protect] == ["production"]
    assert [name for name in STAGES if environment(name).endpoint == "local"] == ["local"]
    assert values("local")["DeletionProtection"] == "false"


def test_stacks_are_named_after_their_key_and_environment() -> None:
    assert [stack.name for stack in environment("dev").stacks] == ["aurora-serverless-dev"]
