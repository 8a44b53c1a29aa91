"""Blueprints and overlays of a project, as a person meets them; which commands execute a blueprint."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aurora_cfn.blueprints import BLUEPRINTS
from aurora_cfn.cli import root
from tests.cli.test_workflow import git

DOCS = Path(__file__).parents[2] / "docs" / "blueprints.md"
MODULE = Path("blueprints/shop_logs.py")
TEMPLATE = Path("templates/shop-logs.yaml")
PARAMS = "region: eu-west-1\nstacks:\n  logs:\n    template: shop-logs\n    parameters: {ServiceName: payments}\n"
SHIPPED = len(BLUEPRINTS)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    run("init", "--blueprint", "shop-logs")
    Path("params").mkdir()
    Path("params/dev.yaml").write_text(PARAMS)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(root, list(arguments))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("arguments", "executes"),
    [
        (("render", "shop-logs"), True),
        (("render", "--check"), True),
        (("render", "--check", "--shipped"), False),
        (("render", "network"), False),
        (("render", "--shipped", "--stdout"), False),
        (("lint", "--env", "dev"), False),
        (("review", "--base", "HEAD"), False),
        (("review", "--base", "HEAD~1"), False),
        (("cost", "--env", "dev"), False),
        (("schema", "--write"), False),
        (("permissions", "deploy", "--env", "dev", "--account", "123456789012"), False),
        (("package",), False),
        (("init",), False),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_only_render_executes_a_blueprint(arguments: tuple[str, ...], executes: bool) -> None:
    run("render", "--all")
    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-q", "-m", "one")
    edit(MODULE, "BLUEPRINT =", "open('executed', 'w').close()\nBLUEPRINT =")
    git("commit", "-qam", "two")
    result = run(*arguments)
    assert (result.exit_code, result.stderr.count("bug in aurora-cfn")) == (0, 0), result.stderr
    assert Path("executed").exists() == executes


def test_a_params_file_of_a_blueprint_that_was_not_rendered_says_so() -> None:
    run("render", "network")
    result = run("lint", "--env", "dev")
    assert result.exit_code == 3
    assert "blueprints/shop_logs.py: is not rendered yet; run: aurora-cfn render shop-logs" in result.stderr


@pytest.mark.parametrize("arguments", [("render", "shop-logs"), ("render", "--check", "shop-logs")])
def test_its_checks_are_held_against_every_params_file(arguments: tuple[str, ...]) -> None:
    run("render", "shop-logs")
    Path("params/dev.yaml").write_text(PARAMS.replace("payments", "awsome"))
    result = run(*arguments)
    assert result.exit_code == 3
    assert "params/dev.yaml:5: stacks.logs.parameters: no SSM parameter may start with aws" in result.stderr


def _hand_edit() -> None:
    edit(TEMPLATE, "Retain", "Delete")


def _copy() -> None:
    Path("templates/mine.yaml").write_text(Path("templates/network.yaml").read_text())


def _own_copy() -> None:
    Path("templates/mine.yaml").write_text("".join(Path("templates/network.yaml").read_text().splitlines(True)[3:]))


def _newer_blueprint() -> None:
    edit(MODULE, 'default="30"', 'default="90"')


@pytest.mark.parametrize(
    ("spoil", "options", "code", "says"),
    [
        (lambda: None, (), 0, f"{SHIPPED + 1} templates are what the blueprints render"),
        (lambda: None, ("--shipped",), 0, f"{SHIPPED} templates are what the blueprints render"),
        (_newer_blueprint, (), 1, "templates/shop-logs.yaml: stale; run: aurora-cfn render"),
        (_newer_blueprint, ("--shipped",), 0, f"{SHIPPED} templates"),
        (_hand_edit, (), 1, "templates/shop-logs.yaml: edited; "),
        (_hand_edit, ("--shipped",), 1, "templates/shop-logs.yaml: edited; "),
        (MODULE.unlink, (), 1, "templates/shop-logs.yaml: orphaned; no blueprint renders it any more: delete it, or"),
        (_copy, (), 1, "templates/mine.yaml: copied; it is a copy of a rendered template: delete the comment at its"),
        (_own_copy, (), 0, f"{SHIPPED + 1} templates"),
    ],
)
def test_what_check_says(spoil: Callable[[], None], options: tuple[str, ...], code: int, says: str) -> None:
    run("render", "--all")
    spoil()
    result = run("render", "--check", *options)
    assert result.exit_code == code
    assert says in result.stderr


def test_rendered_alone_it_is_renewed_in_the_page_too() -> None:
    run("render", "--all")
    _newer_blueprint()
    assert "templates/README.md: written" in run("render", "shop-logs").stderr
    assert run("render", "--check").exit_code == 0


def test_its_parameters_stand_in_the_page_of_all_templates() -> None:
    run("render")
    page = Path("templates/README.md").read_text()
    assert "\n## shop-logs\n" in page
    assert "| `LogRetentionDays` | `30` | 7, 30, 90 or 365 | Days for which the logs are kept. |" in page


@pytest.mark.parametrize(
    ("path", "text", "says"),
    [
        ("blueprints/network.py", "", "blueprints/network.py: a blueprint of aurora-cfn has this name"),
        ("blueprints/broken.py", "import nothing_such", "blueprints/broken.py:1: ModuleNotFoundError"),
        ("overlays/netwrk.yaml", "{}", "overlays/netwrk.yaml: no blueprint is named 'netwrk'"),
        ("overlays/network.yaml", "Resources:\n  Gone: {}\n", "overlays/network.yaml:2: Resources.Gone"),
        ("overlays/shop-logs.yaml", "Resources:\n  Gone: {}\n", "overlays/shop-logs.yaml:2: Resources.Gone"),
        ("overlays/network.yaml", "Resources: [", "overlays/network.yaml:1"),
    ],
)
def test_what_stops_render(path: str, text: str, says: str) -> None:
    Path(path).parent.mkdir(exist_ok=True)
    Path(path).write_text(text)
    result = run("render")
    assert result.exit_code == 3
    assert says in result.stderr
    assert not Path("templates").exists()


def test_a_name_of_the_project_is_not_executed_with_shipped() -> None:
    assert "which --shipped does not execute" in run("render", "shop-logs", "--shipped").stderr


def test_an_overlay_is_part_of_a_template_before_the_first_render_too() -> None:
    Path("overlays").mkdir()
    Path("overlays/network.yaml").write_text("Parameters: {Team: {Type: String, Description: The team that pays}}\n")
    Path("params/dev.yaml").write_text("region: eu-west-1\nstacks:\n  n: {template: network, parameters: {Team: a}}\n")
    assert run("cost", "--env", "dev").exit_code == 3  # no templates/ yet: cost reads files
    run("render", "network")
    assert run("cost", "--env", "dev").exit_code == 0


def test_the_overlay_of_the_documentation_renders_and_lints() -> None:
    (text,) = re.findall(r"```yaml\n# overlays/aurora-serverless-postgres.yaml\n(.*?)```", DOCS.read_text(), re.DOTALL)
    Path("overlays").mkdir()
    Path("overlays/aurora-serverless-postgres.yaml").write_text(text)
    result = run("render", "aurora-serverless-postgres")
    assert result.exit_code == 0
    assert "shared_preload_libraries is static: it takes effect after a reboot" in result.stderr
    assert "log_min_duration_statement is static" not in result.stderr
    linted = run("lint", "templates/aurora-serverless-postgres.yaml")
    assert (linted.exit_code, linted.stdout) == (0, "")
