"""`render` as a person runs it, in a folder of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aurora_cfn.blueprints import BLUEPRINTS
from aurora_cfn.cli import root
from aurora_cfn.report.docs import MARK
from aurora_cfn.template.header import with_header

NAME = "aurora-serverless-postgres"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(root, ["render", *arguments])


def test_it_writes_every_template_into_an_empty_folder(folder: Path) -> None:
    result = run()
    assert (result.exit_code, result.stdout) == (0, "")
    assert f"{NAME}.yaml: written" in result.stderr
    assert {path.name for path in (folder / "templates").glob("*.yaml")} == {f"{item.name}.yaml" for item in BLUEPRINTS}


def test_a_second_run_changes_nothing_and_says_so(folder: Path) -> None:
    run()
    before = (folder / "templates" / f"{NAME}.yaml").stat().st_mtime_ns
    result = run()
    assert "unchanged" in result.stderr
    assert (folder / "templates" / f"{NAME}.yaml").stat().st_mtime_ns == before


def test_stdout_is_the_template_and_nothing_is_written(folder: Path) -> None:
    result = run(NAME, "--stdout")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("# Rendered by aurora-cfn")
    assert not (folder / "templates").exists()


def test_check_is_content_after_render() -> None:
    run()
    result = run("--check")
    assert (result.exit_code, result.stdout) == (0, "")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda file: file.write_text(file.read_text().replace("Default: 4", "Default: 8")), "edited"),
        (lambda file: file.write_text(with_header("Resources: {}\n", NAME)), "stale"),
        (lambda file: file.unlink(), "missing"),
        (lambda file: file.with_name("gone.yaml").write_text(with_header("Resources: {}\n", "gone")), "orphaned"),
    ],
)
def test_check_fails_with_a_diff_and_what_to_do(folder: Path, spoil: object, reason: str) -> None:
    run()
    (folder / "params").mkdir()
    (folder / "params" / "dev.yaml").write_text(f"stacks: {{db: {{template: {NAME}}}}}\n")
    assert callable(spoil)
    spoil(folder / "templates" / f"{NAME}.yaml")
    result = run("--check")
    assert result.exit_code == 1
    assert result.stdout.startswith("--- ")
    assert f": {reason}; " in result.stderr


def test_windows_line_ends_are_no_difference(folder: Path) -> None:
    run()
    file = folder / "templates" / f"{NAME}.yaml"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert run("--check").exit_code == 0


def test_another_folder_can_be_named(folder: Path) -> None:
    assert run("--out", "elsewhere", NAME).exit_code == 0
    assert (folder / "elsewhere" / f"{NAME}.yaml").is_file()


def test_an_unknown_name_is_shown_with_the_one_that_was_meant() -> None:
    result = run("aurora-serverless-postgre")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "did you mean aurora-serverless-postgres?" in result.stderr


def test_a_folder_that_cannot_be_written_is_one_line(folder: Path) -> None:
    (folder / "templates").write_text("a file stands here")
    result = run()
    assert result.exit_code in {2, 3}
    assert "Traceback" not in result.stderr


def test_the_page_of_all_templates_is_written_and_checked_with_all_of_them(folder: Path) -> None:
    page = folder / "templates" / "README.md"
    assert run(NAME).exit_code == 0
    assert "README.md" not in run().stderr
    assert not page.exists()
    assert "README.md: written" in run("--all").stderr
    assert f"\n## {NAME}\n" in page.read_text(encoding="utf-8")
    page.write_text(f"{MARK}\nedited by hand\n", encoding="utf-8")
    assert run("--check", NAME).exit_code == 0
    result = run("--check")
    assert (result.exit_code, result.stdout.splitlines()[0]) == (1, "--- templates/README.md")
    assert "README.md: stale; run: aurora-cfn render" in result.stderr


OURS = "# made by hand\nResources: {}\n"
PARAMS = "stacks: {{db: {{template: {}}}}}\n"


@pytest.mark.parametrize(
    ("files", "names"),
    [
        ({}, [item.name for item in BLUEPRINTS]),
        ({"templates/vpc.j2": "{{ x }}"}, []),
        ({"templates/network.yaml": OURS}, []),
        ({"templates/network.yaml": OURS, "params/dev.yaml": PARAMS.format("network")}, []),
        ({"templates/dsql.yaml": with_header("Resources: {}\n", "dsql")}, ["dsql"]),
        ({"templates/mine.yaml": OURS, "params/dev.yaml": PARAMS.format("dsql")}, ["dsql"]),
        ({"params/dev.yaml": PARAMS.format("dsql")}, ["dsql"]),
        ({"params/dev.yaml": "fleet: {template: dsql}\n"}, ["dsql"]),
        ({"params/dev.yaml": "# template: dsql\nstacks: {a: {template: mine}}\n", "templates/mine.yaml": OURS}, []),
        ({"params/dev.yaml": "template: dsql: [\n", "templates/mine.yaml": OURS}, []),
        ({"params/examples/x.yaml": PARAMS.format("dsql")}, ["dsql"]),
        ({"overlays/dsql.yaml": "Remove: []\n"}, ["dsql"]),
    ],
)
def test_without_names_it_renders_what_the_project_uses(folder: Path, files: dict[str, str], names: list[str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    before = {name: (folder / name).read_text() for name in files if "mine" in name or "network" in name}
    checked, made, after = run("--check"), run(), run("--check")
    stale = [line for line in checked.stderr.splitlines() if ": missing; " in line or ": stale; " in line]
    assert {line.split(":")[0].removeprefix("templates/").removesuffix(".yaml") for line in stale} - {"README.md"} == {
        *names
    }
    assert (checked.exit_code, made.exit_code, made.stdout, after.exit_code) == (int(bool(names)), 0, "", 0)
    written = [line for line in made.stderr.splitlines() if line.endswith(".yaml: written")]
    assert written == [f"templates/{name}.yaml: written" for name in names]
    assert {name: (folder / name).read_text() for name in before} == before
    if not names:
        says = "templates: no template here is rendered from a blueprint; one is written by: aurora-cfn render NAME\n"
        assert (checked.stdout, checked.stderr, made.stderr) == ("", says, says)


@pytest.mark.parametrize("command", [("lint", "--env", "dev"), ("cost", "--env", "dev")])
def test_a_template_that_is_not_rendered_yet_is_named(folder: Path, command: tuple[str, ...]) -> None:
    (folder / "params").mkdir()
    (folder / "params" / "dev.yaml").write_text(
        "region: eu-west-1\nstacks: {keys: {template: dsql}, own: {template: own}}\n"
    )
    (folder / "templates").mkdir()
    (folder / "templates" / "own.yaml").write_text("Resources: {Note: {Type: AWS::SNS::Topic}}\n")
    result = CliRunner().invoke(root, [*command])
    assert (result.exit_code, result.stdout) == (3, "")
    says = "error: templates/dsql.yaml: is missing (run: aurora-cfn render dsql, review and commit)\n"
    assert result.stderr.endswith(says)
    assert run("dsql").exit_code == 0
    assert CliRunner().invoke(root, [*command]).exit_code == 0


def test_all_writes_every_template_and_the_page_into_any_project(folder: Path) -> None:
    assert run("dsql").exit_code == 0
    result = run("--all")
    assert (result.exit_code, result.stdout, result.stderr.count(": written")) == (0, "", len(BLUEPRINTS))
    assert run("--all", "dsql").exit_code == 2
    assert run("--all", "--check").exit_code == 0


@pytest.mark.parametrize("arguments", [(), ("--all",), ("dsql",), ("--force",)])
def test_a_page_of_the_user_is_left_alone(folder: Path, arguments: tuple[str, ...]) -> None:
    run("dsql")
    page = folder / "templates" / "README.md"
    page.write_text("# Ours\n")
    assert run(*arguments).exit_code == 0
    assert page.read_text() == "# Ours\n"
    assert run("--check", *(row for row in arguments if row != "--force")).exit_code == 0


def test_a_template_of_the_user_with_the_name_of_a_blueprint_is_kept(folder: Path) -> None:
    file = folder / "templates" / "network.yaml"
    file.parent.mkdir()
    file.write_text(OURS)
    for arguments, code, says in (
        ((), 0, "no template here is rendered"),
        (("network",), 3, "templates/network.yaml: was edited by hand, or was not rendered by aurora-cfn"),
        (("--check", "network"), 1, "templates/network.yaml: not rendered; it has the name of a blueprint: rename it"),
        (("--all",), 3, "--force overwrites it; nothing was written"),
    ):
        result = run(*arguments)
        assert (result.exit_code, says in result.stderr, file.read_text()) == (code, True, OURS), result.stderr


ALIASED = "# note\nMetadata: {x: &x a, y: *x}\nResources: {}\n"
WRITTEN_OUT = "# note\nMetadata: {x: a, y: a}\nResources: {}\n"


def test_resolve_writes_aliases_out_in_place_or_prints(folder: Path) -> None:
    file = folder / "own.yaml"
    file.write_text(ALIASED)
    printed = run("--resolve", "own.yaml", "--stdout")
    assert (printed.exit_code, printed.stdout, file.read_text()) == (0, WRITTEN_OUT, ALIASED)
    changed = run("--resolve", "own.yaml")
    assert (changed.exit_code, changed.stdout, file.read_text()) == (0, "", WRITTEN_OUT)
    again = run("--resolve", "own.yaml")
    assert (again.exit_code, "unchanged" in again.stderr, file.read_text()) == (0, True, WRITTEN_OUT)


def test_resolve_writes_nothing_when_one_file_is_no_template(folder: Path) -> None:
    (folder / "own.yaml").write_text(ALIASED)
    (folder / "bad.yaml").write_text("a: *b\n")
    assert run("--resolve", "own.yaml", "--resolve", "bad.yaml").exit_code == 3
    assert (folder / "own.yaml").read_text() == ALIASED


@pytest.mark.parametrize("other", ["--check", "--force", "--shipped", NAME])
def test_resolve_goes_with_stdout_only(other: str) -> None:
    assert run("--resolve", "own.yaml", other).exit_code == 2
