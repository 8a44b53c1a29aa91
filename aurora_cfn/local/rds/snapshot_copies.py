"""Copies of snapshots, the accounts they are shared with, and exports: actions that ministack 1.5.33 lacks.

Nothing is encrypted here, so a key is only kept, and every key may be shared, the one that AWS makes too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from ministack.services import rds

from aurora_cfn.local.query import Answer
from aurora_cfn.local.rds.automated_backups import UNTIL
from aurora_cfn.local.rds.backing import (
    CLUSTER_SNAPSHOT,
    SNAPSHOT,
    Backing,
    Record,
    add_actions,
    answered,
    given,
)
from aurora_cfn.local.rds.limits import RefusedError

ACCOUNTS = "_SharedWith"
"""Key of a snapshot's record with the accounts that may restore it."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """What the actions of one kind of snapshot call things, and where ministack keeps and shows it."""

    noun: str
    key: str
    store: Any
    xml: Callable[[Record], str]
    missing: str
    taken: str

    def found(self, name: str) -> Record:
        """The record of a snapshot. Raises RefusedError where there is none."""
        if name not in self.store:
            raise RefusedError(self.missing, f"{self.noun} {name} not found.", 404)
        record: Record = self.store[name]
        return record


NO_EXPORTS = "not emulated: an export to S3. The local emulator writes no Parquet; read the data with SQL."
KINDS = (
    _Kind("DBClusterSnapshot", CLUSTER_SNAPSHOT, rds._db_cluster_snapshots, rds._cluster_snapshot_xml,
          "DBClusterSnapshotNotFoundFault", "DBClusterSnapshotAlreadyExistsFault"),
    _Kind("DBSnapshot", SNAPSHOT, rds._snapshots, rds._snapshot_xml, "DBSnapshotNotFound", "DBSnapshotAlreadyExists"),
)  # fmt: skip


def install(backing: Backing) -> None:
    """Add the actions."""
    for kind in KINDS:
        add_actions(backing, {f"Copy{kind.noun}": partial(_copy, kind)})
        for action in (f"Modify{kind.noun}Attribute", f"Describe{kind.noun}Attributes"):
            add_actions(backing, {action: partial(_share, kind, action)})
    add_actions(backing, {"StartExportTask": _refuse_export})


def _copy(kind: _Kind, backing: Backing, parameters: dict[str, Any]) -> Answer:
    source = given(parameters, f"Source{kind.noun}Identifier").rpartition(":")[2]  # a name or an ARN
    target = given(parameters, f"Target{kind.noun}Identifier")
    found = kind.found(source)
    if target in kind.store:
        raise RefusedError(kind.taken, f"Cannot create the snapshot because {target} already exists.")
    arn = found[f"{kind.noun}Arn"]
    made = {key: value for key, value in found.items() if key not in {ACCOUNTS, UNTIL}}
    made |= {f"{kind.noun}Identifier": target, f"{kind.noun}Arn": f"{arn.rpartition(':')[0]}:{target}"}
    made |= {"SnapshotType": "manual", "TagList": rds._parse_tags(parameters)}
    made |= {"KmsKeyId": given(parameters, "KmsKeyId") or found.get("KmsKeyId", "")}
    if backing.has(kind.key, source):
        backing.databases.copy(backing.key(kind.key, source), backing.key(kind.key, target))
    kind.store[target] = made
    return answered(f"Copy{kind.noun}", f"<{kind.noun}>{kind.xml(made)}</{kind.noun}>")


def _share(kind: _Kind, action: str, _backing: Backing, parameters: dict[str, Any]) -> Answer:
    """The accounts that may restore the snapshot, after those of the request are added and removed."""
    name = given(parameters, f"{kind.noun}Identifier")
    found = kind.found(name)
    accounts = {*found.get(ACCOUNTS, ()), *_values(parameters, "ValuesToAdd")}
    found[ACCOUNTS] = sorted(accounts - {*_values(parameters, "ValuesToRemove")})
    values = "".join(f"<AttributeValue>{account}</AttributeValue>" for account in found[ACCOUNTS])
    return answered(
        action,
        f"<{kind.noun}AttributesResult><{kind.noun}Identifier>{name}</{kind.noun}Identifier><{kind.noun}Attributes>"
        f"<{kind.noun}Attribute><AttributeName>restore</AttributeName><AttributeValues>{values}</AttributeValues>"
        f"</{kind.noun}Attribute></{kind.noun}Attributes></{kind.noun}AttributesResult>",
    )


def _values(parameters: dict[str, Any], label: str) -> Iterator[str]:
    return (given(parameters, key) for key in parameters if key.startswith(f"{label}."))


def _refuse_export(_backing: Backing, _parameters: dict[str, Any]) -> Answer:
    raise RefusedError("InvalidParameterCombination", NO_EXPORTS)
