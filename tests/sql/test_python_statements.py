"""Which texts of a handler are SQL, on which line, and what Aurora MySQL refuses of them."""

from __future__ import annotations

import pytest

from aurora_cfn.sql.mysql_dialect import refused, statements_in


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('run("select 1")', ["select 1"]),
        ('\nQUERY = """\n  SELECT a\n  FROM t"""', ["\n\n  SELECT a\n  FROM t"]),
        ('run(f"select {x} from t where id = {y!r}")', ["select '' from t where id = ''"]),
        ('run("insert into t " "values (%s)", [a])', ["insert into t values (%s)"]),
        ('"""Delete a row, returning it."""\ndef f():\n    "Update the row."', []),
        ('log("selected rows")\nlog("updates: 7")\nkey = b"select 1"', []),
        ("def (:", []),
        ("\0", []),
    ],
)
def test_texts_that_begin_as_statements_are_found(code: str, found: list[str]) -> None:
    assert list(statements_in(code)) == found


def test_a_refused_statement_has_its_line_in_the_file() -> None:
    code = 'import os\n\nrun("insert into t (a) values (%s) returning id", [1])\n'
    (found,) = [row for text in statements_in(code) for row in refused(text, "mysql")]
    assert (found.line, found.what.startswith("RETURNING")) == (3, True)
