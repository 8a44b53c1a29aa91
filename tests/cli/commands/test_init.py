"""`init` in an empty folder, and in one that is not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from aurora_cfn.cli import root
from aurora_cfn.starter import Answers, example_names, starter_files
from aurora_cfn.yamltext import read_plain

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(root, list(arguments))


def test_the_new_repository_passes_its_own_checks(folder: Path) -> None:
    result = run("init")
    assert (result.exit_code, result.stdout) == (0, "")
    assert run("render", "--check").exit_code == 0
    assert run("schema", "--check").exit_code == 0


@pytest.mark.parametrize("name", ["dev", "local"])
def test_its_params_are_the_ones_that_this_project_ships(folder: Path, name: str) -> None:
    run("init", "--project", "temporal", "--database", "temporal")
    shipped = (ROOT / "params" / f"{name}.yaml").read_text(encoding="utf-8")
    text = (folder / "params" / f"{name}.yaml").read_text(encoding="utf-8")
    assert text.replace("      DatabaseName: temporal\n", "").replace("project: temporal\n", "") == shipped
    assert text.count("\nproject: temporal\n") == 1


def test_the_answers_stand_in_the_params(folder: Path) -> None:
    options = ("--project", "shop", "--database", "orders", "--region", "eu-central-1", "--account", "123456789012")
    assert run("init", *options, "--email", "night@example.com", "--network").exit_code == 0
    text = (folder / "params/production.yaml").read_text()
    for line in (
        "region: eu-central-1\n",
        'account: "123456789012"\n',
        "  Project: shop\n",
        "      DatabaseName: orders\n",
        "      AlarmEmail: night@example.com\n",
        "      NetworkStackName: {stack: network}\n",
    ):
        assert line in text


@pytest.mark.parametrize("name", ["dev", "local", "production"])
def test_with_answers_the_params_fit(folder: Path, name: str) -> None:
    # In the default region: what no answer changes is linted once, for this test and the next.
    options = ("--project", "shop", "--account", "123456789012", "--email", "night@example.com", "--network")
    assert run("init", *options, "--database", "orders").exit_code == 0
    assert run("lint", "--env", name).exit_code == 0


@pytest.mark.parametrize("name", ["dev", "local", "production"])
def test_without_answers_the_params_fit_too(folder: Path, name: str) -> None:
    run("init")
    assert "@" not in (folder / "params" / f"{name}.yaml").read_text().replace("night-watch@example.com", "")
    assert run("lint", "--env", name).exit_code == 0


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--project", "two words", "does not fit"),
        ("--project", "true", "does not fit"),
        ("--database", "1st", "letters, digits and underscores"),
        ("--region", "eu-west-11", "did you mean eu-west-1?"),
        ("--account", "12", "12 digits"),
        ("--email", "absent", "no mail address"),
        ("--blueprint", "Big Name", "lower-case letters"),
        ("--blueprint", "network", "overlays/network.yaml changes it"),
    ],
)
def test_a_wrong_answer_writes_nothing(folder: Path, option: str, value: str, says: str) -> None:
    result = run("init", option, value)
    assert (result.exit_code, list(folder.iterdir())) == (2, [])
    assert says in result.stderr


def test_a_reserved_database_name_writes_nothing(folder: Path) -> None:
    result = run("init", "--database", "postgres")
    assert (result.exit_code, list(folder.iterdir())) == (3, [])


@pytest.mark.parametrize("name", example_names())
def test_an_example_is_written_and_fits(folder: Path, name: str) -> None:
    assert run("init", "--example", name).exit_code == 0
    assert {path.parent.name for path in folder.rglob("*.*")} <= {"params", "templates"}
    assert run("cost", "--env", name).exit_code == 0
    # Those of stacks, and that of a fleet's clients.
    named = re.findall(r"template: ([a-z0-9-]+)", (folder / "params" / f"{name}.yaml").read_text())
    assert {path.stem for path in folder.rglob("templates/*.yaml")} == set(named)


@pytest.mark.parametrize("there", [False, True])
def test_an_example_names_the_schema_only_where_it_is(folder: Path, there: bool) -> None:
    if there:
        (folder / "params").mkdir()
        (folder / "params" / "schema.json").write_text("{}")
    run("init", "--example", "games-api")
    assert ("$schema=" in (folder / "params" / "games-api.yaml").read_text()) is there


def test_an_example_that_there_is_not_is_named_with_those_that_there_are() -> None:
    result = run("init", "--example", "planets")
    assert (result.exit_code, "planets-api" in result.stderr) == (3, True)


def test_the_example_of_a_blueprint_renders_and_lints(folder: Path) -> None:
    assert run("init", "--blueprint", "shop-logs").exit_code == 0
    assert [path.name for path in folder.rglob("*") if path.is_file()] == ["shop_logs.py"]
    assert run("render", "shop-logs").exit_code == 0
    linted = run("lint", "templates/shop-logs.yaml")
    assert (linted.exit_code, linted.stdout) == (0, "")


REQUIREMENT = "aurora-cfn @ git+https://git.example.com/tools@0123abc"
YAML_FILES = (".github/workflows/aurora-cfn.yml", ".github/workflows/aurora-cfn-deploy.yml", ".pre-commit-config.yaml")


@pytest.mark.parametrize("name", YAML_FILES)
@pytest.mark.parametrize("requirement", [REQUIREMENT, None])
def test_the_tool_is_installed_as_it_was_here(name: str, requirement: str | None) -> None:
    text = starter_files(Answers("shop", "orders", "eu-west-1", requirement=requirement))[name]
    assert read_plain(text, name).value
    assert (REQUIREMENT in text) == (requirement is not None)
    assert "aurora-cfn==" not in text
    assert ("pip install --require-hashes -r requirements.lock" in text) == name.startswith(".github")


@pytest.mark.parametrize("name", YAML_FILES[:2])
def test_actions_are_pinned_by_commit_and_their_rights_are_few(name: str) -> None:
    text = starter_files(Answers("shop", "orders", "eu-west-1"))[name]
    workflow = read_plain(text, name).value
    assert isinstance(workflow, dict)
    assert workflow["permissions"] == {"contents": "read"}
    assert "pull_request_target" not in text
    used = re.findall(r"uses: (.*)", text)
    assert used
    assert all(re.fullmatch(r"[a-z-]+/[a-z-]+@[0-9a-f]{40}  # v[0-9.]+", row) for row in used)


def test_a_review_executes_nothing_of_the_pull_request() -> None:
    workflow: Any = read_plain(starter_files(Answers("a", "b", "c"))[YAML_FILES[0]], "w").value
    review, render = workflow["jobs"]["review"], workflow["jobs"]["render"]
    rendering = [str(step.get("run")) for step in review["steps"] if "aurora-cfn render" in str(step.get("run"))]
    assert rendering == ["aurora-cfn render --check --shipped"]
    assert render["if"] == "github.event.pull_request.head.repo.full_name == github.repository"
    assert "permissions" not in render


def test_the_deployment_is_planned_for_branches_and_applied_after_the_merge() -> None:
    workflow: Any = read_plain(starter_files(Answers("a", "b", "c"))[YAML_FILES[1]], "w").value
    plan, deploy = workflow["jobs"]["plan"], workflow["jobs"]["deploy"]
    assert "head.repo.full_name == github.repository" in plan["if"]
    assert "github.event_name == 'push'" in deploy["if"]
    assert deploy["environment"] == "${{ matrix.env }}"


@pytest.mark.parametrize(
    ("options", "templates"),
    [
        ((), {"aurora-serverless-postgres", "monitoring"}),
        (("--network",), {"aurora-serverless-postgres", "monitoring", "network"}),
    ],
)
def test_only_the_templates_that_the_environments_use_are_written(
    folder: Path, options: tuple[str, ...], templates: set[str]
) -> None:
    assert run("init", "--yes", *options).exit_code == 0
    assert {path.stem for path in (folder / "templates").glob("*.yaml")} == templates
    page = (folder / "templates" / "README.md").read_text()
    assert {line[3:] for line in page.splitlines() if line.startswith("## ")} == templates
    assert run("render", "--check").exit_code == 0


def test_a_file_that_exists_is_left_as_it_is(folder: Path) -> None:
    (folder / "README.md").write_text("mine")
    result = run("init")
    assert "README.md: exists, left as it is" in result.stderr
    assert (folder / "README.md").read_text() == "mine"


def test_every_environment_has_a_hook_that_checks_its_values(folder: Path) -> None:
    run("init")
    text = (folder / ".pre-commit-config.yaml").read_text()
    for path in (folder / "params").glob("*.yaml"):
        assert f"entry: aurora-cfn lint --env {path.stem}\n" in text
        assert f"files: ^params/{path.stem}\\.yaml$\n" in text


def test_the_workflow_of_branches_gives_nothing_to_forks_and_is_never_cut_short(folder: Path) -> None:
    result = run("init", "--branches", "--region", "eu-central-1")
    assert result.exit_code == 0, result.stderr
    assert "janitor: {template: branch-janitor}" in result.stderr
    written = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert written == {".github/workflows/aurora-cfn-branches.yml", "templates/branch-janitor.yaml"}
    text = (folder / ".github/workflows/aurora-cfn-branches.yml").read_text()
    workflow: Any = read_plain(text, "w").value
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["concurrency"]["cancel-in-progress"] is False
    (job,) = workflow["jobs"].values()
    assert "github.event.pull_request.head.repo.full_name == github.repository" in job["if"]
    assert [step["with"]["aws-region"] for step in job["steps"] if "aws-region" in step.get("with", {})] == [
        "eu-central-1"
    ]
    # What an event says stands in no script: only the number of the pull request is used, through the environment.
    assert not any("${{" in step.get("run", "") for step in job["steps"])
