"""What a page of the docs names: command lines, options, paths, links, make targets."""

from __future__ import annotations

import re
from collections.abc import Iterator

_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(r"`([^`\n]+)`")
_COMMAND = re.compile(r"(?<![\w/.-])aurora-cfn((?:[ \t]+[^\s|&;)>#`]+)+)")
_QUOTED = re.compile(r"'[^']*'|\"(?!\$\()[^\"]*\"")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_PATH = re.compile(r"(?:aurora_cfn|tests|params|templates|docs|\.ci)/[\w./*-]*|[\w-]+\.(?:md|toml|lock)|Makefile")


def blocks(page: str) -> Iterator[tuple[str, str]]:
    """Language and text of each code block."""
    for found in _FENCE.finditer(page):
        yield found[1], found[2]


def inline(page: str) -> list[str]:
    """Each piece of code inside a sentence."""
    return _INLINE.findall(_FENCE.sub("", page))


def command_lines(page: str) -> Iterator[list[str]]:
    """The words after `aurora-cfn` of each command; quoted values are `VALUE`."""
    code = [*inline(page), *(line for kind, text in blocks(page) for line in _typed(kind, text))]
    for piece in code:
        for found in _COMMAND.finditer(_QUOTED.sub("VALUE", piece)):
            yield found[1].replace('"', "").split()


def options(page: str) -> set[str]:
    """Options named by themselves, such as `--yes`."""
    return {found[0] for piece in inline(page) if (found := re.match(r"--[a-z-]+", piece))}


def paths(page: str) -> set[str]:
    """Files and folders of this repository."""
    return {piece for piece in inline(page) if _PATH.fullmatch(piece)}


def links(page: str) -> set[str]:
    """Targets of links inside the repository, with their anchors."""
    return {target for target in _LINK.findall(_FENCE.sub("", page)) if "://" not in target}


def targets(page: str) -> set[str]:
    """Targets of make."""
    pieces = [*inline(page), *(line for _, text in blocks(page) for line in text.splitlines())]
    return {found[1] for piece in pieces if (found := re.match(r"make ([a-z]+)\b", piece))}


def anchors(page: str) -> set[str]:
    """The anchors that GitHub gives to the headings."""
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _typed(kind: str, text: str) -> list[str]:
    lines = text.splitlines()
    return [line for line in lines if line.startswith("$ ")] if kind == "console" else lines
