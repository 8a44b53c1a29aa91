"""The SQL statements in the texts of a Python file, such as the code of a function."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

_STATEMENT = re.compile(r"\s*(select|insert|update|delete|replace|create|alter|drop|analyze|with)\s", re.IGNORECASE)
_VALUE = "''"
"""In place of what an f-string inserts."""


def statements_in(code: str) -> Iterator[str]:
    """Each text that begins as a statement of SQL, after as many line breaks as lines are above it; none of docstrings.

    Nothing comes of code that Python cannot read.
    """
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError):
        return
    # A text that stands alone is a docstring or a comment, and is not executed as SQL.
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in alone | parts:
            text = _text(node)
            if _STATEMENT.match(text):
                yield "\n" * (node.lineno - 1) + text


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) if isinstance(part, ast.Constant) else _VALUE for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
