"""Everything that README.md and docs/ name exists, and what exists for users is documented."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest

import aurora_cfn
from aurora_cfn import errors
from aurora_cfn.cli import COMMANDS, root
from aurora_cfn.deploy.recover import MOVES
from aurora_cfn.deploy.stack_status import STATUSES
from aurora_cfn.environment import load
from tests.blueprints.known import KNOWN as TEMPLATES
from tests.docs import mentions
from tests.docs.pages import PAGES, ROOT

TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in PAGES}
ALL = "\n".join(TEXTS.values())
TABLE = re.compile(r"<!-- made: commands -->.*?<!-- /made -->", re.DOTALL)
CONTEXT = click.Context(root, info_name="aurora-cfn")


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command with its name, those of groups as `local start`."""
    for name in COMMANDS:
        command = root.get_command(CONTEXT, name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            yield from ((f"{name} {inner}", each) for inner, each in command.commands.items())


def known_options(command: click.Command) -> set[str]:
    return {option for row in command.params for option in (*row.opts, *row.secondary_opts)} | {"--help", "-h"}


KNOWN = dict(commands())
OPTIONS = {option for command in KNOWN.values() for option in known_options(command)} | known_options(root)


@pytest.mark.parametrize(
    ("page", "words"), [(page, words) for page, text in TEXTS.items() for words in mentions.command_lines(text)]
)
def test_every_command_with_its_options_exists(page: str, words: list[str]) -> None:
    if words[0].startswith("-"):
        assert words[0] in known_options(root)
        return
    name = " ".join(words[:2]) if " ".join(words[:2]) in KNOWN else words[0]
    assert name in KNOWN, f"{page}: {words}"
    ours = words[: words.index("--")] if "--" in words else words
    given = {word.partition("=")[0] for word in ours if word.startswith("-") and word != "-"}
    assert given <= known_options(KNOWN[name]), f"{page}: {words}"


@pytest.mark.parametrize(
    ("page", "option"), [(page, option) for page, text in TEXTS.items() for option in sorted(mentions.options(text))]
)
def test_every_option_exists(page: str, option: str) -> None:
    assert option in OPTIONS


@pytest.mark.parametrize(
    ("page", "path"), [(page, path) for page, text in TEXTS.items() for path in sorted(mentions.paths(text))]
)
def test_every_file_exists(page: str, path: str) -> None:
    assert list(ROOT.glob(path)), f"{page}: {path}"


@pytest.mark.parametrize(
    ("page", "link"), [(page, link) for page, text in TEXTS.items() for link in sorted(mentions.links(text))]
)
def test_every_link_leads_somewhere(page: str, link: str) -> None:
    path, _, anchor = link.partition("#")
    target = (ROOT / page).parent / path if path else ROOT / page
    assert target.exists()
    assert not anchor or anchor in mentions.anchors(target.read_text(encoding="utf-8"))


def test_every_make_target_exists() -> None:
    there = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert mentions.targets(ALL) <= there


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_explained_beside_the_table(name: str) -> None:
    explained = {words[0] for words in mentions.command_lines(TABLE.sub("", ALL))}
    assert name in explained


def test_exactly_the_exit_codes_that_exist_are_documented() -> None:
    documented = {int(code) for code in re.findall(r"^\| (\d+) \| ", _section("Exit codes"), re.MULTILINE)}
    raised = {each.exit_code for each in vars(errors).values() if isinstance(each, type) and hasattr(each, "exit_code")}
    said = {
        int(code)
        for command in KNOWN.values()
        for text in re.findall(r"Exit codes: (.*?)(?:\n\s*\n|$)", command.help or "", re.DOTALL)
        for code in re.findall(r"(?:^|,)\s*(\d+)\s(?!\+)", text)
    }
    assert documented == raised | said | {1, 2, 70, 130}


def test_exactly_the_statuses_that_can_be_recovered_from_are_documented() -> None:
    rows = re.findall(r"^\| ([A-Z_, ]+) \|", _section("Repair a stack"), re.MULTILINE)
    documented = {status for row in rows for status in row.split(", ")}
    assert documented == {status for status, row in STATUSES.items() if row.recovery in MOVES}


def test_every_environment_variable_is_documented() -> None:
    used = {
        name
        for path in (ROOT / "aurora_cfn").rglob("*.py")
        for name in re.findall(r"(?<!_)AURORA_CFN_[A-Z_]+", path.read_text(encoding="utf-8"))
    }
    assert used <= set(mentions.inline(TEXTS["docs/commands.md"]))


@pytest.mark.parametrize(
    ("page", "text"),
    [(page, text) for page, whole in TEXTS.items() for kind, text in mentions.blocks(whole) if "# params/" in text],
)
def test_every_params_file_shown_is_valid(page: str, text: str) -> None:
    assert load(text, page, "dev", TEMPLATES).stacks


def test_the_first_release_of_the_changelog_is_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    releases = re.findall(r"^## \[(\d[^\]]*)\]", changelog, re.MULTILINE)
    assert releases[0] == aurora_cfn.__version__


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("run `aurora-cfn lint --env dev`", [["lint", "--env", "dev"]]),
        ('```sh\naurora-cfn sql --env dev "select 1 > 0" | jq .\n```', [["sql", "--env", "dev", "VALUE"]]),
        ('```sh\npsql -h "$(aurora-cfn outputs --env dev DNSName)"\n```', [["outputs", "--env", "dev", "DNSName"]]),
        ("```console\n$ aurora-cfn review\naurora-cfn is a word here\n```", [["review"]]),
        ("see ~/.cache/aurora-cfn for more", []),
    ],
)
def test_command_lines_are_found(text: str, expected: list[list[str]]) -> None:
    assert list(mentions.command_lines(text)) == expected


def _section(heading: str) -> str:
    found = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", ALL, re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]
