"""`aurora-cfn docs` as a whole command, and the pages that messages name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aurora_cfn.cli import root
from aurora_cfn.cli.runs.docs import page_text

ROOT = Path(__file__).parents[3]
PAGES = [path for folder in ("docs", "docs/systems") for path in (ROOT / folder).glob("*.md")]


def docs(*arguments: str) -> Result:
    return CliRunner().invoke(root, ["docs", *arguments])


def test_the_list_has_every_page_with_its_question() -> None:
    rows = [line.partition("|") for line in docs().stdout.splitlines()[2:]]
    listed = {name.strip(): about.strip() for name, _, about in rows}
    assert listed.keys() == {path.stem for path in PAGES}
    assert listed["laptop"] == "How do I work without AWS?"


@pytest.mark.parametrize("name", ["params", "params.md", "docs/params.md"])
def test_a_page_is_found_by_its_name_or_link_and_printed_without_the_lines_of_the_generator(name: str) -> None:
    result, text = docs(name), (ROOT / "docs" / "params.md").read_text(encoding="utf-8")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = set(text.splitlines()) - set(result.stdout.splitlines())
    assert {line[:9] for line in lines} == {"<!-- made", "<!-- /mad"}


def test_a_section_goes_to_the_next_heading_of_its_level() -> None:
    text = docs("operating.md#connect").stdout
    assert text.startswith("## Connect\n")
    assert re.findall(r"^## ", text, re.MULTILINE) == ["## "]
    assert docs("docs/operating#connect").stdout == text
    inner = docs("fleet#a-client-is-an-aws-account").stdout
    assert "\n### How is a client deleted?\n" in inner
    result = docs("operating#conect")
    assert (result.exit_code, "has no section conect: did you mean connect?" in result.stderr) == (3, True)


def test_the_path_of_a_page_and_of_the_folder_is_printed() -> None:
    assert docs("games-api", "--path").stdout == f"{ROOT / 'docs' / 'systems' / 'games-api.md'}\n"
    assert docs("--path").stdout == f"{ROOT / 'docs'}\n"


def test_an_unknown_page_is_refused_with_the_one_that_was_probably_meant() -> None:
    result = docs("operatin")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "there is no page operatin: did you mean operating?" in result.stderr


def test_messages_and_help_name_pages_by_the_command_that_prints_them() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in (ROOT / "aurora_cfn").rglob("*.*") if _is_text(path)}
    named = {name for text in texts.values() for name in re.findall(r"aurora-cfn docs ([a-z][\w#-]*)", text)}
    assert named >= {"fleet#what-do-i-write", "operating#what-a-swap-does", "blueprints"}
    assert all(map(page_text, named))
    assert not {path.name for path, text in texts.items() if re.search(r"(see|in) docs/[a-z]", text, re.IGNORECASE)}


def _is_text(path: Path) -> bool:
    return path.suffix in {".py", ".txt", ".md", ".yaml", ".yml"}
