"""No package is in the lock whose licence is not known and stated."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, metadata

import pytest

from tests.docs.licences import FREE, NOTES, licences, locked, table


def test_every_locked_package_has_a_known_licence_and_no_other_is_listed() -> None:
    assert licences().keys() == locked()


def test_a_licence_with_conditions_has_a_note() -> None:
    assert {name for name, licence in licences().items() if licence not in FREE} == NOTES.keys()


@pytest.mark.parametrize("name", sorted(locked()))
def test_an_installed_package_says_the_same(name: str) -> None:
    try:
        found = metadata(name)
    except PackageNotFoundError:
        return  # of another system
    assert "License-Expression" not in found or found["License-Expression"] == licences()[name]


def test_the_table_names_every_package_once_and_conditions_first() -> None:
    head, _, *rows = table()
    assert head == "| licence | packages |"
    assert [row.split(" | ")[0].strip("| ") in FREE for row in rows] == sorted(
        row.split(" | ")[0].strip("| ") in FREE for row in rows
    )
    assert "psycopg2-binary (with `[local]` only" in rows[0]
