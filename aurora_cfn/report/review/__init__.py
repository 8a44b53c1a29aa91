"""A review as text, Markdown, HTML, JSON, SARIF, JUnit and GitHub annotations."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from aurora_cfn.model.review import Review
from aurora_cfn.report.review.annotations import github, junit, sarif
from aurora_cfn.report.review.html import html
from aurora_cfn.report.review.json import json_text
from aurora_cfn.report.review.markdown import markdown
from aurora_cfn.report.review.text import text

FORMATS: Mapping[str, Callable[[Review], str]] = {
    "text": text,
    "markdown": markdown,
    "html": html,
    "json": json_text,
    "sarif": sarif,
    "junit": junit,
    "github": github,
}
"""Writers by the value of `review --format` and `diff --format`."""

__all__ = ["FORMATS"]
