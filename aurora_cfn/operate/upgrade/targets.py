"""Which version an upgrade leads to, and until when the present one is supported."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from aurora_cfn.errors import InputError, KnownFailureError
from aurora_cfn.facts.offered import NOTHING_OFFERED, Offered
from aurora_cfn.facts.versions import NOTICE, is_lts, minor_ends, read_version, support_ends
from aurora_cfn.model.upgrade_plan import UpgradeTarget


def in_order(offered: Sequence[UpgradeTarget], engine: str) -> tuple[UpgradeTarget, ...]:
    """The oldest version first."""
    return tuple(sorted(offered, key=lambda row: _numbers(engine, row.version)))


def chosen(
    offered: Sequence[UpgradeTarget], engine: str, now: str, wanted: str, by: str = "RDS"
) -> UpgradeTarget | None:
    """The target that is asked for: a version, the newest of a major version, or the newest minor version (empty).

    None if no newer minor version is offered. The present version is a target that is there already: an upgrade that
    was interrupted continues with it. Raises InputError for what is no version of the engine, KnownFailureError for one
    that is not offered from here, `by` RDS or the emulator.
    """
    rows = in_order(offered, engine)
    if not wanted:
        return next((row for row in reversed(rows) if not row.major), None)
    asked, running = read_version(engine, wanted), read_version(engine, now)
    if asked is None:
        raise InputError(f"--to {wanted}: that is no version of {engine}, which runs {now}")
    # Before the offers, which never name the version that runs.
    if wanted == now:
        return UpgradeTarget(now, major=False)
    found = [
        row for row in rows if row.version == wanted or (not asked.is_pinned and _major(engine, row) == asked.major)
    ]
    if found:
        return found[-1]
    if running and asked.numbers < running.numbers[: len(asked.numbers)]:
        raise KnownFailureError(f"RDS does not downgrade: {now} runs, and {wanted} is older")
    names = ", ".join(row.version for row in rows) or "none"
    steps = "; go to one of them first" if rows else ""
    raise KnownFailureError(
        f"{by} does not offer the upgrade from {now} to {wanted}; from here it offers: {names}{steps}"
    )


def support(engine: str, version: str, today: date, offered: Offered = NOTHING_OFFERED) -> tuple[str, bool]:
    """What the facts say of the version's support, and whether it ends within NOTICE, or has ended."""
    found = read_version(engine, version)
    if found is None:
        return "", False
    parts, ends = [], [day for day in (minor_ends(found), support_ends(found, offered)) if day]
    if is_lts(found):
        parts.append(f"{version} is a long-term support release")
    if minor_ends(found):
        parts.append(f"{version} is supported until {minor_ends(found)}")
    if support_ends(found, offered):
        name = found.major if engine == "aurora-postgresql" else f"version {found.major}"
        parts.append(f"standard support of {name} ends {support_ends(found, offered)}")
    return "; ".join(parts), any(day - today <= NOTICE for day in ends)


def is_due(offered: Sequence[UpgradeTarget], engine: str, version: str) -> bool:
    """Whether a newer minor version is offered; from a long-term support release only another one of those counts."""
    wants_lts = _is_lts(engine, version)
    return any(not row.major and (not wants_lts or _is_lts(engine, row.version)) for row in offered)


def leaves_lts(engine: str, version: str, target: UpgradeTarget) -> str:
    """A sentence if the upgrade leads from a long-term support release to a version that is none; else empty."""
    if target.major or not _is_lts(engine, version) or _is_lts(engine, target.version):
        return ""
    return f"{version} is a long-term support release, and {target.version} is none"


def _is_lts(engine: str, version: str) -> bool:
    found = read_version(engine, version)
    return found is not None and is_lts(found)


def _numbers(engine: str, version: str) -> tuple[int, ...]:
    found = read_version(engine, version)
    return found.numbers if found else ()


def _major(engine: str, row: UpgradeTarget) -> str:
    found = read_version(engine, row.version)
    return found.major if found else ""
