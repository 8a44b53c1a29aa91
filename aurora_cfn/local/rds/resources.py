"""AWS::RDS::DBCluster and AWS::RDS::DBInstance: created and deleted through the RDS API, so that servers follow."""

from __future__ import annotations

from contextvars import ContextVar
from functools import partial
from secrets import token_hex
from typing import Any

from ministack.services import rds
from ministack.services.cloudformation import provisioners, stacks

from aurora_cfn.local.cloudformation.records import is_rolling_back
from aurora_cfn.local.query import ServiceError, call, flat, is_true
from aurora_cfn.local.rds import limits
from aurora_cfn.local.rds.backing import CLUSTER, INSTANCE, NOUNS, STORES, Backing
from aurora_cfn.local.rds.descriptions import keep
from aurora_cfn.local.rds.passwords import begin_to_manage, delete_secret, follow_password
from aurora_cfn.local.replacing import Inner, replace, replace_rows
from aurora_cfn.local.types.handlers import Begin, Created, Properties

SOURCES: dict[str, dict[str, tuple[str, str]]] = {
    CLUSTER: {
        "SourceDBClusterIdentifier": ("RestoreDBClusterToPointInTime",) * 2,
        "SourceDbClusterResourceId": ("RestoreDBClusterToPointInTime",) * 2,
        "SnapshotIdentifier": ("RestoreDBClusterFromSnapshot",) * 2,
    },
    INSTANCE: {
        "SourceDBInstanceIdentifier": ("RestoreDBInstanceToPointInTime", "CreateDBInstanceReadReplica"),
        "SourceDbiResourceId": ("RestoreDBInstanceToPointInTime", "CreateDBInstanceReadReplica"),
        "DBSnapshotIdentifier": ("RestoreDBInstanceFromDBSnapshot",) * 2,
    },
}
"""The property that names a source of data, to the action with a time and the one without."""
KINDS = {f"AWS::RDS::{noun}": kind for kind, noun in NOUNS.items()}
"""Types of resources to kinds of records."""
TIMES = ("RestoreTime", "UseLatestRestorableTime")
NOT_FOUND = frozenset({"DBClusterNotFoundFault", "DBInstanceNotFound"})


last_policy: ContextVar[tuple[str, str]] = ContextVar("last_policy", default=("DeletionPolicy", "Delete"))
"""The policy that ministack read last: right before a deletion, the one that applies to it."""


def install(backing: Backing, begin: Begin) -> None:
    """Replace ministack's handlers, which write records only; its update handlers call these for a replacement."""
    replace(stacks, "_resource_policy", _remembering)
    # CloudFormation names a final snapshot by the resource with a random end, so that a second one never collides.
    provisioners._snapshot_id = lambda physical_id: f"{physical_id}-snapshot-{token_hex(6)}"
    for kind, name in ((CLUSTER, "_rds_db_cluster"), (INSTANCE, "_rds_db_instance")):
        handlers = _Handlers(backing, kind, begin)
        setattr(provisioners, f"{name}_create", handlers.create)
        setattr(provisioners, f"{name}_delete", handlers.delete)
        setattr(provisioners, f"{name}_attrs", partial(attributes_of, kind))
        row = provisioners._RESOURCE_HANDLERS[handlers.type]
        row |= {"create": handlers.create, "delete": handlers.delete}
        replace_rows(row, {"update": handlers.update})
        # ministack 1.5.33 passes the tags of a stack on to instances only.
        provisioners._STACK_TAG_PROPERTY.setdefault(handlers.type, ("Tags", "list"))


def _remembering(inner: Inner, definition: Any, attribute: str, *more: Any) -> Any:
    found = inner(definition, attribute, *more)
    last_policy.set((attribute, found))
    return found


class _Handlers:
    """The handlers of one of the two types."""

    def __init__(self, backing: Backing, kind: str, begin: Begin) -> None:
        self._backing, self._kind, self._begin = backing, kind, begin
        self._what = NOUNS[kind]
        self._label = f"{self._what}Identifier"
        self.type = f"AWS::RDS::{self._what}"

    def create(self, logical_id: str, properties: Properties, stack_name: str) -> Created:
        """The identifier and the attributes of a new resource."""
        name = str(
            properties.get(self._label)
            or provisioners._physical_name(stack_name, logical_id, lowercase=True, max_len=63)
        ).lower()
        parameters = _renamed(properties) | {self._label: name}
        if self._backing.record(self._backing.key(self._kind, name)) is None:  # else RDS refuses the name
            self._begin(self.type, name, logical_id, stack_name)
        self._call(self._creating(parameters), parameters)
        record = STORES[self._kind][name]
        keep(record, properties)
        return name, attributes_of(self._kind, record)

    def _creating(self, parameters: Properties) -> str:
        """The action that CloudFormation's handler calls: a point in time wins over a snapshot."""
        sources = [name for name in SOURCES[self._kind] if parameters.get(name)]
        if not sources:
            return f"Create{self._what}"
        replica = self._kind == INSTANCE and not any(parameters.get(name) for name in TIMES)
        return SOURCES[self._kind][sources[0]][replica]

    def delete(self, physical_id: str, properties: Properties) -> None:
        """Delete the resource, if it is still there."""
        # ministack takes the snapshot of a deletion itself, and none where a replacement deletes the old resource.
        if last_policy.get() == ("UpdateReplacePolicy", "Snapshot"):
            provisioners._snapshot_resource(self.type, physical_id, properties)
        try:
            # The snapshot was taken before, so RDS is not asked for one.
            backups = {key: value for key, value in properties.items() if key == "DeleteAutomatedBackups"}
            wanted = {self._label: physical_id, "SkipFinalSnapshot": True, **backups}
            self._call(f"Delete{self._what}", wanted)
        except ServiceError as error:
            if error.code not in NOT_FOUND:
                raise

    def update(
        self, inner: Inner, physical_id: str, old: Any, new: Any, stack_name: str, logical_id: str | None = None
    ) -> Created:
        """ministack's update of the record, followed by the server's password and the attributes as they are now."""
        old, new = ({**each, "Engine": str(each.get("Engine", "")).lower()} for each in (old, new))
        record = STORES[self._kind].get(physical_id, {}) if self._backing.has(self._kind, physical_id) else {}
        if "EngineVersion" in record and is_rolling_back(stack_name):
            # RDS downgrades nothing, so CloudFormation sends no version in a rollback, and the database stays upgraded
            # (Translator of the public resource providers).
            new["EngineVersion"] = record["EngineVersion"]
        self._refuse_change(physical_id, old, new)
        # ministack's update writes the endpoint of its own containers into the record.
        place = {key: record[key] for key in ("Endpoint", "ReaderEndpoint", "Port") if key in record}
        name, attributes = inner(physical_id, old, new, stack_name, logical_id)
        if name != physical_id:
            return name, attributes
        record = STORES[self._kind][name]
        record.update(place)
        keep(record, new)
        self._retag(record, old, new)
        self._manage_password(record, old, new)
        follow_password(self._backing, self._kind, name)
        return name, attributes_of(self._kind, record)

    def _manage_password(self, record: dict[str, Any], old: Properties, new: Properties) -> None:
        """Begin or end to keep the master's password in a secret; ministack 1.5.33 leaves that as it was created."""
        before, after = (is_true(each.get("ManageMasterUserPassword")) for each in (old, new))
        if after and not before:
            key = (new.get("MasterUserSecret") or {}).get("KmsKeyId") or ""
            begin_to_manage(self._kind, record, key)
        elif before and not after:
            delete_secret(record)
            record.pop("MasterUserSecret", None)
            record["_MasterUserPassword"] = new.get("MasterUserPassword") or record["_MasterUserPassword"]

    def _retag(self, record: dict[str, Any], old: Properties, new: Properties) -> None:
        """The tags of the template and the stack changed; those that were added to the resource by itself stay."""
        arn = record[f"{self._what}Arn"]
        before, after = ({tag["Key"]: tag for tag in each.get("Tags") or ()} for each in (old, new))
        kept = [tag for tag in rds._tags.get(arn, []) if tag["Key"] not in before.keys() | after.keys()]
        rds._tags[arn] = [*kept, *after.values()]

    def _refuse_change(self, name: str, old: Properties, new: Properties) -> None:
        record = self._backing.record(self._backing.key(self._kind, name))
        # A replacement is a new resource, which is checked as such.
        if record is None or provisioners._replacing_change(self.type, old, new):
            return
        changed = {key: value for key, value in new.items() if old.get(key) != value}
        # It is no state of the database but a word of each request: CloudFormation sends it although it is unchanged,
        # and for a cluster, which has no such property, by itself (Translator of the public resource provider).
        allowed = new.get("AllowMajorVersionUpgrade", "") if self._kind == INSTANCE else "true"
        changed["AllowMajorVersionUpgrade"] = allowed
        wanted = {key: values[0] for key, values in flat(changed).items()}
        try:
            limits.check_change(wanted, record)
        except limits.RefusedError as refused:
            raise ServiceError("Rds", refused.status, refused.code, str(refused)) from refused

    def _call(self, action: str, parameters: Properties) -> None:
        call("Rds", rds._ACTION_MAP[action], parameters)


def attributes_of(kind: str, record: dict[str, Any]) -> dict[str, Any]:
    """What Fn::GetAtt answers."""
    secret = (record.get("MasterUserSecret") or {}).get("SecretArn")
    found = {"MasterUserSecret.SecretArn": secret} if secret else {}
    if kind == INSTANCE:
        endpoint = record["Endpoint"]
        return found | {
            "Endpoint.Address": endpoint["Address"],
            "Endpoint.Port": str(endpoint["Port"]),
            "Endpoint.HostedZoneId": endpoint.get("HostedZoneId", "Z2R2ITUGPM61AM"),
            "DbiResourceId": record["DbiResourceId"],
            "DBInstanceArn": record["DBInstanceArn"],
        }
    return found | {
        "Arn": record["DBClusterArn"],
        "DBClusterArn": record["DBClusterArn"],
        "DBClusterResourceId": record["DbClusterResourceId"],
        "Endpoint.Address": record["Endpoint"],
        "Endpoint.Port": str(record["Port"]),
        "ReadEndpoint.Address": record["ReaderEndpoint"],
    }


def _renamed(properties: Properties) -> dict[str, Any]:
    """Properties under the names of the API: two differ, and tags are a list of members."""
    named = dict(properties)
    secret = named.pop("MasterUserSecret", None) or {}
    if secret.get("KmsKeyId"):
        named["MasterUserSecretKmsKeyId"] = secret["KmsKeyId"]
    if "VPCSecurityGroups" in named:
        named["VpcSecurityGroupIds"] = named.pop("VPCSecurityGroups")
    return named
