"""Hostile names in the Markdown of a review, rendered as GitHub does: CommonMark with tables and autolinks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from aurora_cfn.report.review import FORMATS
from tests.report.review.test_formats import HOSTILE, hostile

ROWS = (
    *HOSTILE,
    "https://evil.example/x", "HTTP://EVIL.EXAMPLE", "www.evil.example", "ftp://evil.example", "<https://evil.example>",
    "mailto:a@evil.example", "a@evil.example", "[a](https://evil.example)", "[a]: https://evil.example", "GH-12",
    "![a](https://evil.example/pixel.png)", "<img src=https://evil.example/pixel.png>", "@team/all", "#12", "a/b#12",
    "# heading", "heading\n=======", "heading\r-------", "=======", "---", "***", "- item", "+ item", "* item",
    "1. item", "2) item", "    code", "```sh\ncode", "~~~", "> quote", "| a | b |\n| - | - |", "a\r\n\r\n# heading",
    "<!-- comment", "&lt;b&gt;", "\\", "`", "a\u2028# b", "\t# x",
)  # fmt: skip
MENTION = re.compile(r"(?<![\w/])@\w|(?<!&)#\d|\bGH-\d")
OURS = ("<!-- aurora-cfn review -->", "<details><summary>", "</details>", "<pre>", "</pre>", "<code>", "</code>",
        "<b>", "</b>", "<sub>", "</sub>", "</summary>")  # fmt: skip


def tokens(written: str) -> Iterator[Any]:
    from markdown_it import MarkdownIt

    for token in MarkdownIt("gfm-like").parse(written):
        yield token
        yield from token.children or ()


@pytest.mark.parametrize("text", ROWS)
def test_a_name_becomes_no_markup(text: str) -> None:
    # The words of a harmless name are rendered once: whatever a hostile one adds is its own.
    kinds = [token.type for token in tokens(FORMATS["markdown"](hostile("harmless")))]
    found = list(tokens(FORMATS["markdown"](hostile(text))))
    assert [token.type for token in found if token.type != "html_inline"] == [
        kind for kind in kinds if kind != "html_inline"
    ]
    for token in found:
        assert token.type not in {"link_open", "image", "hr", "fence", "code_block"}
        if token.type in {"html_block", "html_inline"}:
            tags = re.findall(r"<[^>]*>?", token.content)
            assert all(tag in OURS or tag in {"<details>", "<summary>"} for tag in tags), token.content
        if token.type in {"text", "html_block"}:
            assert not MENTION.search(token.content), token.content


@pytest.mark.parametrize("form", ["text", "github", "junit"])
@pytest.mark.parametrize("text", ["::error::x", " ::add-mask::x", "##[error]x", "a\n::error::x", "a\r::error::x"])
def test_no_line_of_another_format_is_a_workflow_command(form: str, text: str) -> None:
    for line in FORMATS[form](hostile(text)).splitlines():
        plain = re.sub(r"\x1b\[[\d;]*m", "", line).lstrip()
        if form == "github":
            assert plain.startswith(("::error file=", "::warning file=", "::notice title=aurora-cfn review::"))
        else:
            assert not plain.startswith("::")
            assert "##[" not in plain
