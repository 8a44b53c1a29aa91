"""The header of rendered templates."""

from __future__ import annotations

import pytest

from aurora_cfn.template.header import Header, header_of, with_header

BODY = "Resources: {}\n"
OLD = "# Rendered by aurora-cfn from the blueprint dsql.\n# Do not edit: change the blueprint.\n"


@pytest.mark.parametrize(
    ("text", "header"),
    [
        (with_header(BODY, "dsql"), Header("dsql", edited=False)),
        (with_header(BODY, "team/orders-db"), Header("team/orders-db", edited=False)),
        (with_header(BODY, "dsql").replace("{}", "{A: 1}"), Header("dsql", edited=True)),
        (with_header(BODY, "dsql") + "# a comment\n", Header("dsql", edited=True)),
        (OLD + BODY, Header("dsql", edited=False)),
        (BODY, None),
        ("\n" + with_header(BODY, "dsql"), None),
        ("# Rendered by someone else\n" + BODY, None),
        ("", None),
    ],
)
def test_a_header_says_where_a_template_comes_from_and_whether_it_was_edited(text: str, header: Header | None) -> None:
    assert header_of(text) == header
