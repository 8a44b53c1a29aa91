"""DescribeDBEngineVersions as this emulator accepts them, with the capacities of Aurora Serverless v2.

ministack 1.5.33 lists the versions of Aurora that it accepts, and a few of the other engines, of which it accepts all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ministack.services import rds

from aurora_cfn.facts.versions import read_version, supports
from aurora_cfn.local.query import value_of
from aurora_cfn.local.rds.backing import given
from aurora_cfn.local.replacing import Inner, replace_rows

NAME = "DescribeDBEngineVersions"
ROW = re.compile(r"<DBEngineVersion>.*?</DBEngineVersion>", re.DOTALL)
LIST = re.compile(r"(<DBEngineVersions>).*(</DBEngineVersions>)", re.DOTALL)
FAMILY = re.compile(r"(<DBParameterGroupFamily>).*?(</DBParameterGroupFamily>)")
CAPACITY = "ServerlessV2FeaturesSupport"
TARGETS = "ValidUpgradeTarget"


def install() -> None:
    """Replace the action of ministack."""
    replace_rows(rds._ACTION_MAP, {NAME: _offering})


def _offering(inner: Inner, parameters: dict[str, Any]) -> Any:
    wanted = given(parameters, "EngineVersion")
    # Without the filter, as ministack knows only whole versions of Aurora MySQL, and RDS takes the start of one.
    status, headers, body = inner({key: row for key, row in parameters.items() if key != "EngineVersion"})
    text = body.decode() if isinstance(body, bytes) else str(body)
    if status >= 300 or given(parameters, "DefaultOnly") == "true":
        return inner(parameters)
    versions = [value_of(row, "EngineVersion") for row in ROW.findall(text)]
    rows = [_with_targets(row, versions) for row in _rows(ROW.findall(text), wanted)]
    return status, headers, LIST.sub(lambda match: f"{match[1]}{''.join(rows)}{match[2]}", text).encode()


def _rows(rows: list[str], wanted: str) -> Iterator[str]:
    """The rows of that version, or of those that begin with it; of an engine other than Aurora any version."""
    found = [row for row in rows if not wanted or f"{value_of(row, 'EngineVersion')}.".startswith(f"{wanted}.")]
    if rows and not found and not value_of(rows[0], "Engine").startswith("aurora"):
        found = [rows[0].replace(value_of(rows[0], "EngineVersion"), wanted)]
    return (_with_capacity(_with_family(row)) for row in found)


def _with_family(row: str) -> str:
    """The row with the family as RDS writes it, such as `postgres17` or `mysql8.0`."""
    engine, version = value_of(row, "Engine"), value_of(row, "EngineVersion")
    if engine.startswith("aurora"):
        return row
    parts = 1 if engine == "postgres" else 2
    family = f"{engine}{'.'.join(version.split('.')[:parts])}"
    return FAMILY.sub(rf"\g<1>{family}\g<2>", row)


def _with_capacity(row: str) -> str:
    version = read_version(value_of(row, "Engine"), value_of(row, "EngineVersion"))
    if version is None or not supports(version, "serverless-v2"):
        return row
    lowest = "0" if supports(version, "scale-to-zero") else "0.5"
    highest = "256" if supports(version, "256-acu") else "128"
    capacity = f"<MinCapacity>{lowest}</MinCapacity><MaxCapacity>{highest}</MaxCapacity>"
    return row.replace("</DBEngineVersion>", f"<{CAPACITY}>{capacity}</{CAPACITY}></DBEngineVersion>")


def _with_targets(row: str, versions: list[str]) -> str:
    """The row with ValidUpgradeTarget: the later versions of its major version.

    The server behind a cluster cannot be moved to another major version here.
    """
    engine = value_of(row, "Engine")
    now = read_version(engine, value_of(row, "EngineVersion"))
    if now is None:
        return row
    later = [found for name in versions if (found := read_version(engine, name)) and found.numbers > now.numbers]
    targets = "".join(
        f"<UpgradeTarget><Engine>{engine}</Engine><EngineVersion>{found.text}</EngineVersion>"
        "<IsMajorVersionUpgrade>false</IsMajorVersionUpgrade></UpgradeTarget>"
        for found in later
        if found.major == now.major
    )
    return row.replace(f"<{TARGETS}/>", f"<{TARGETS}>{targets}</{TARGETS}>")
