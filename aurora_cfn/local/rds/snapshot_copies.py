"""Copies of snapshots, the accounts they are shared with, and exports: actions that ministack 1.5.33 lacks.

Nothing is encrypted here, so a key is only kept, and every key may be shared, the one that AWS makes too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from aurora_cfn.local.query import Action, Answer
from aurora_cfn.local.rds.automated_backups import UNTIL
from aurora_cfn.local.rds.backing import CLUSTER_SNAPSHOT, SNAPSHOT, Backing, answered, given, refuse

ACCOUNTS = "_SharedWith"
"""Key of a snapshot's record with the accounts that may restore it."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """What the actions of one kind of snapshot call things; `store` and `xml` are names in ministack's module."""

    noun: str
    key: str
    store: str
    xml: str
    missing: str
    taken: str


NO_EXPORTS = "not emulated: an export to S3. The local emulator writes no Parquet; read the data with SQL."
KINDS = (
    _Kind("DBClusterSnapshot", CLUSTER_SNAPSHOT, "_db_cluster_snapshots", "_cluster_snapshot_xml",
          "DBClusterSnapshotNotFoundFault", "DBClusterSnapshotAlreadyExistsFault"),
    _Kind("DBSnapshot", SNAPSHOT, "_snapshots", "_snapshot_xml", "DBSnapshotNotFound", "DBSnapshotAlreadyExists"),
)  # fmt: skip


def install(backing: Backing) -> None:
    """Add the actions."""
    table = backing.rds._ACTION_MAP
    for kind in KINDS:
        table[f"Copy{kind.noun}"] = _copying(backing, kind)
        table[f"Modify{kind.noun}Attribute"] = _sharing(backing, kind)
        table[f"Describe{kind.noun}Attributes"] = _described(backing, kind)
    table["StartExportTask"] = lambda _: refuse(backing, "InvalidParameterCombination", NO_EXPORTS)
    table["DescribeExportTasks"] = lambda _: answered(backing, "DescribeExportTasks", "<ExportTasks/>")


def _copying(backing: Backing, kind: _Kind) -> Action:
    def action(parameters: dict[str, Any]) -> Answer:
        source = given(parameters, f"Source{kind.noun}Identifier").rpartition(":")[2]  # a name or an ARN
        target = given(parameters, f"Target{kind.noun}Identifier")
        store = getattr(backing.rds, kind.store)
        if source not in store:
            return refuse(backing, kind.missing, f"{kind.noun} {source} not found.", 404)
        if target in store:
            return refuse(backing, kind.taken, f"Cannot create the snapshot because {target} already exists.")
        found = store[source]
        arn = found[f"{kind.noun}Arn"]
        made = {key: value for key, value in found.items() if key not in {ACCOUNTS, UNTIL}}
        made |= {f"{kind.noun}Identifier": target, f"{kind.noun}Arn": f"{arn.rpartition(':')[0]}:{target}"}
        made |= {"SnapshotType": "manual", "TagList": backing.rds._parse_tags(parameters)}
        made |= {"KmsKeyId": given(parameters, "KmsKeyId") or found.get("KmsKeyId", "")}
        if backing.has(kind.key, source):
            backing.databases.copy(backing.key(kind.key, source), backing.key(kind.key, target))
        store[target] = made
        inner = f"<{kind.noun}>{getattr(backing.rds, kind.xml)(made)}</{kind.noun}>"
        return answered(backing, f"Copy{kind.noun}", inner)

    return action


def _sharing(backing: Backing, kind: _Kind) -> Action:
    def action(parameters: dict[str, Any]) -> Answer:
        name = given(parameters, f"{kind.noun}Identifier")
        found = getattr(backing.rds, kind.store).get(name)
        if not found:
            return refuse(backing, kind.missing, f"{kind.noun} {name} not found.", 404)
        accounts = {*found.get(ACCOUNTS, ()), *_values(parameters, "ValuesToAdd")}
        found[ACCOUNTS] = sorted(accounts - {*_values(parameters, "ValuesToRemove")})
        return answered(backing, f"Modify{kind.noun}Attribute", _attributes(kind, name, found[ACCOUNTS]))

    return action


def _described(backing: Backing, kind: _Kind) -> Action:
    def action(parameters: dict[str, Any]) -> Answer:
        name = given(parameters, f"{kind.noun}Identifier")
        found = getattr(backing.rds, kind.store).get(name)
        if not found:
            return refuse(backing, kind.missing, f"{kind.noun} {name} not found.", 404)
        return answered(backing, f"Describe{kind.noun}Attributes", _attributes(kind, name, found.get(ACCOUNTS, [])))

    return action


def _values(parameters: dict[str, Any], label: str) -> Iterator[str]:
    return (given(parameters, key) for key in parameters if key.startswith(f"{label}."))


def _attributes(kind: _Kind, name: str, accounts: list[str]) -> str:
    values = "".join(f"<AttributeValue>{account}</AttributeValue>" for account in accounts)
    return (
        f"<{kind.noun}AttributesResult><{kind.noun}Identifier>{name}</{kind.noun}Identifier><{kind.noun}Attributes>"
        f"<{kind.noun}Attribute><AttributeName>restore</AttributeName><AttributeValues>{values}</AttributeValues>"
        f"</{kind.noun}Attribute></{kind.noun}Attributes></{kind.noun}AttributesResult>"
    )
