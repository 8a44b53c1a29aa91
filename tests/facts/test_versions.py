"""Engine versions: how they are read and what is known about them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from aurora_cfn.facts import FactsFile, facts_files
from aurora_cfn.facts.offered import EngineOffer, Offered
from aurora_cfn.facts.regions import is_missing
from aurora_cfn.facts.versions import (
    EngineVersion,
    Feature,
    family,
    first_with,
    is_lts,
    minor_ends,
    read_version,
    support_ends,
    supports,
)

PG, MY = "aurora-postgresql", "aurora-mysql"


def version(text: str) -> EngineVersion:
    found = read_version(MY if "mysql" in text or text in {"5.7", "8.0", "8.4"} else PG, text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "numbers", "short", "pinned"),
    [
        ("17", (17,), "17", False),
        ("16.3", (16, 3), "16.3", True),
        ("16.9-limitless", (16, 9), "16.9-limitless", True),
        ("9.6.22", (9, 6, 22), "9.6.22", True),
        ("8.0", (3,), "8.0", False),
        ("8.0.mysql_aurora.3.08.0", (3, 8, 0), "3.08.0", True),
        ("5.7.mysql_aurora.2.11.3", (2, 11, 3), "2.11.3", True),
        ("8.4.mysql_aurora.8.4.7", (8, 4, 7), "8.4.7", True),
    ],
)
def test_a_version_is_read(text: str, numbers: tuple[int, ...], short: str, pinned: bool) -> None:
    found = version(text)
    assert (found.numbers, found.short, found.is_pinned) == (numbers, short, pinned)


@pytest.mark.parametrize(
    ("engine", "text"), [(PG, "latest"), (PG, ""), (PG, "16.x"), (MY, "3.08.0"), (MY, "17.4"), ("postgres", "17.4")]
)
def test_what_is_no_version_of_the_engine_is_not_read(engine: str, text: str) -> None:
    assert read_version(engine, text) is None


@pytest.mark.parametrize(
    ("text", "feature", "expected"),
    [
        ("13.14", "scale-to-zero", False),
        ("13.15", "scale-to-zero", True),
        ("16.3", "scale-to-zero", True),
        ("16", "scale-to-zero", None),
        ("18.3", "scale-to-zero", True),
        ("12.22", "scale-to-zero", False),
        ("8.0.mysql_aurora.3.07.1", "scale-to-zero", False),
        ("8.0.mysql_aurora.3.08.0", "scale-to-zero", True),
        ("8.4.mysql_aurora.8.4.7", "scale-to-zero", True),
        ("17.4", "data-api", True),
        ("18.3", "data-api", True),
        ("18.2", "data-api", False),
        ("19.1", "data-api", None),
        ("15.4", "256-acu", False),
        ("15.5", "256-acu", True),
        ("5.7.mysql_aurora.2.11.3", "serverless-v2", False),
    ],
)
def test_a_feature_begins_with_a_minor_of_each_major(text: str, feature: Feature, expected: bool | None) -> None:
    assert supports(version(text), feature) is expected


def test_what_rds_offered_counts_before_the_shipped_facts() -> None:
    offer = EngineOffer(PG, {"16.2": (0.0, 256.0), "16.3": (0.5, 128.0), "11.9": None}, {"16": date(2031, 1, 1)})
    offered = Offered(date(2026, 11, 21), "eu-west-1", {PG: offer})
    assert supports(version("16.2"), "scale-to-zero", offered) is True
    assert supports(version("16.3"), "scale-to-zero", offered) is False
    assert supports(version("16.3"), "256-acu", offered) is False
    assert supports(version("11.9"), "serverless-v2", offered) is False
    assert supports(version("15.7"), "scale-to-zero", offered) is True
    assert supports(version("16.2"), "data-api", offered) is True
    assert support_ends(version("16.2"), offered) == date(2031, 1, 1)
    assert support_ends(version("17.4"), offered) == date(2030, 2, 28)


def test_mysql_majors_are_asked_for_under_the_name_that_rds_uses() -> None:
    offered = Offered(date(2026, 11, 21), "", {MY: EngineOffer(MY, {}, {"8.0": date(2028, 4, 30)})})
    assert support_ends(version("8.0.mysql_aurora.3.10.0"), offered) == date(2028, 4, 30)


def test_ends_families_and_long_term_support() -> None:
    assert support_ends(version("13.20")) == date(2026, 2, 28)
    assert minor_ends(version("17.4")) == date(2026, 11, 30)
    assert minor_ends(version("17.7")) is None
    assert support_ends(version("8.0.mysql_aurora.3.10.0")) == date(2028, 4, 30)
    assert support_ends(version("8.4.mysql_aurora.8.4.7")) is None
    assert minor_ends(version("8.0.mysql_aurora.3.04.2")) == date(2026, 10, 31)
    assert is_lts(version("8.0.mysql_aurora.3.10.4"))
    assert family(version("8.0.mysql_aurora.3.10.0")) == "aurora-mysql8.0"
    assert family(version("17")) == "aurora-postgresql17"
    assert family(version("99.1")) is None
    assert (is_lts(version("17.7")), is_lts(version("17.6"))) == (True, False)
    assert (is_lts(version("8.0.mysql_aurora.3.04.2")), is_lts(version("8.0.mysql_aurora.3.05.0"))) == (True, False)
    assert first_with(PG, "scale-to-zero") == "13.15, 14.12, 15.7 or 16.3"
    assert first_with(MY, "scale-to-zero") == "3.08.0"


def test_regions() -> None:
    assert is_missing("dsql", "us-west-1")
    assert not is_missing("dsql", "us-east-1")


def test_facts_are_stale_after_180_days() -> None:
    file = FactsFile("x", date(2026, 1, 1), ())
    assert not file.is_stale(date(2026, 1, 1) + timedelta(days=180))
    assert file.is_stale(date(2026, 1, 1) + timedelta(days=181))


def test_every_file_has_a_day_and_sources() -> None:
    assert all(file.sources and file.as_of <= date(2026, 11, 29) for file in facts_files())
