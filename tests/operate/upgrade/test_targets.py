"""Which version an upgrade leads to, and what is said of the support of the present one."""

from __future__ import annotations

from datetime import date

import pytest

from aurora_cfn.errors import AuroraCfnError, InputError, KnownFailureError
from aurora_cfn.model.upgrade_plan import UpgradeTarget
from aurora_cfn.operate.upgrade.targets import chosen, is_due, support

PG, MY = "aurora-postgresql", "aurora-mysql"
OFFER = [
    UpgradeTarget(name, major) for name, major in (("18.4", True), ("17.10", False), ("17.9", False), ("18.3", True))
]
MYSQL = [UpgradeTarget("8.0.mysql_aurora.3.11.0", major=False), UpgradeTarget("8.4.mysql_aurora.8.4.7", major=True)]


@pytest.mark.parametrize(
    ("engine", "now", "wanted", "found"),
    [
        (PG, "17.7", "", "17.10"),
        (PG, "17.7", "17.9", "17.9"),
        (PG, "17.7", "17", "17.10"),
        (PG, "17.7", "18", "18.4"),
        (PG, "17.7", "18.3", "18.3"),
        (PG, "17.7", "17.7", "17.7"),
        (MY, "8.0.mysql_aurora.3.10.4", "", "8.0.mysql_aurora.3.11.0"),
        (MY, "8.0.mysql_aurora.3.10.4", "8.4", "8.4.mysql_aurora.8.4.7"),
    ],
)
def test_a_version_or_the_newest_of_a_major_one(engine: str, now: str, wanted: str, found: str) -> None:
    target = chosen(OFFER if engine == PG else MYSQL, engine, now, wanted)
    assert target is not None
    assert target.version == found


def test_nothing_newer_is_no_error() -> None:
    assert chosen([], PG, "17.7", "") is None
    assert chosen([UpgradeTarget("18.3", major=True)], PG, "17.7", "") is None


@pytest.mark.parametrize(
    ("wanted", "kind", "text"),
    [
        ("x", InputError, "--to x: that is no version of aurora-postgresql"),
        ("17.4", KnownFailureError, "RDS does not downgrade"),
        ("16", KnownFailureError, "RDS does not downgrade"),
        ("19.1", KnownFailureError, "from here it offers: 17.9, 17.10, 18.3, 18.4; go to one of them first"),
    ],
)
def test_what_rds_would_refuse_is_refused(wanted: str, kind: type[AuroraCfnError], text: str) -> None:
    with pytest.raises(kind, match=text):
        chosen(OFFER, PG, "17.7", wanted)


@pytest.mark.parametrize(
    ("version", "today", "text", "due"),
    [
        ("17.7", "2026-11-29", "17.7 is a long-term support release; standard support of 17 ends 2030-02-28", False),
        ("17.4", "2026-11-29", "17.4 is supported until 2026-11-30; standard support of 17 ends 2030-02-28", True),
        ("14.22", "2026-11-30", "standard support of 14 ends 2027-02-28", True),
        ("x", "2026-11-29", "", False),
    ],
)
def test_support_of_the_present_version(version: str, today: str, text: str, due: bool) -> None:
    assert support(PG, version, date.fromisoformat(today)) == (text, due)


@pytest.mark.parametrize(
    ("engine", "version", "offered", "due"),
    [
        (PG, "17.5", OFFER, True),
        (PG, "17.7", OFFER, False),
        (PG, "17.10", [UpgradeTarget("18.3", major=True)], False),
        (PG, "17.10", [], False),
        (MY, "8.0.mysql_aurora.3.10.3", MYSQL, False),
        (MY, "8.0.mysql_aurora.3.10.3", [UpgradeTarget("8.0.mysql_aurora.3.10.4", major=False)], True),
    ],
)
def test_of_a_long_term_support_release_only_another_one_is_due(
    engine: str, version: str, offered: list[UpgradeTarget], due: bool
) -> None:
    assert is_due(offered, engine, version) == due
