"""The databases of a deployed stack, found through its resources: for templates of any outputs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from aurora_cfn.model.event import STACK_TYPE
from aurora_cfn.model.resource_types import CLUSTER, DSQL, INSTANCE
from aurora_cfn.model.rows import Database, Engine
from aurora_cfn.model.stack import Stack, StackResource
from aurora_cfn.model.value import member
from aurora_cfn.ports import CloudFormation, Databases, DsqlClusters
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.forms import references
from aurora_cfn.template.resources import Resource, resources
from aurora_cfn.template.side import deployed_side

if TYPE_CHECKING:
    from aurora_cfn.model.rds_database import Endpoint

ATTACHMENT = "AWS::SecretsManager::SecretTargetAttachment"
_PORTS: Mapping[Engine, int] = {"postgresql": 5432, "mysql": 3306}
# The database that every server has, where the template names none.
_FIRST: Mapping[Engine, str] = {"postgresql": "postgres", "mysql": "mysql"}

_ENGINES = re.compile(r"""["']?\bEngine["']?\s*:\s*["']?(aurora-postgresql|aurora-mysql|postgres|mysql|mariadb)\b""")


def may_have_database(template: str) -> bool:
    """Whether the text of a template names a type that holds a database, or a nested stack or macro that may."""
    return any(kind in template for kind in (CLUSTER, INSTANCE, DSQL, STACK_TYPE, "Transform"))


def only_cluster(template: Mapping[str, Any]) -> str:
    """Logical id of the cluster that the output ClusterArn names, when the template can have no other database.

    Empty when it may have: with a second one, a nested stack, or a macro that may add one.
    """
    resources = template.get("Resources", {})
    if "Transform" in template or not all(isinstance(row, Mapping) for row in resources.values()):
        return ""
    found = [name for name, row in resources.items() if _may_be_database(row)]
    named = member(template, "Outputs", "ClusterArn", "Value", "Fn::GetAtt") == [*found, "DBClusterArn"]
    return found[0] if named and resources[found[0]]["Type"] == CLUSTER else ""


def _may_be_database(row: Mapping[str, Any]) -> bool:
    properties = row.get("Properties")
    in_cluster = isinstance(properties, Mapping) and "DBClusterIdentifier" in properties
    return row.get("Type") in {CLUSTER, DSQL, STACK_TYPE} or (row.get("Type") == INSTANCE and not in_cluster)


@dataclass(frozen=True, slots=True)
class StackDatabases:
    """Reads the databases of stacks from AWS, and changes nothing."""

    cloudformation: CloudFormation
    rds: Databases
    dsql: DsqlClusters

    def of(self, stack: Stack) -> list[Database]:
        """Clusters, instances of no cluster, and DSQL clusters of the stack and its nested stacks, in their order.

        The logical id of one in a nested stack is written with the nested stack's before it: `Data.Cluster`.
        """
        return list(self._below(stack.name, stack.arn, ""))

    def _below(self, name: str, arn: str, prefix: str) -> Iterator[Database]:
        rows = [row for row in self.cloudformation.resources(arn) if row.exists]
        for row in rows:
            if row.type == STACK_TYPE:
                yield from self._below(name, row.physical_id, f"{prefix}{row.logical_id}.")
            elif found := self._database(name, arn, row, rows):
                yield replace(found, resource=f"{prefix}{row.logical_id}")

    def _database(self, stack: str, arn: str, row: StackResource, rows: list[StackResource]) -> Database | None:
        if row.type == DSQL:
            return self._dsql(stack, arn, row.physical_id)
        if row.type == CLUSTER and (cluster := self.rds.cluster(row.physical_id)):
            secret = cluster.endpoint.secret_arn or self._secret(arn, row.logical_id, rows)
            known = cluster.arn if cluster.endpoint.data_api else ""
            found = _rds(stack, cluster.endpoint, _engine(cluster.engine), secret)
            return replace(found, cluster_arn=known, identifier=cluster.identifier)
        if row.type == INSTANCE and (instance := self.rds.instance(row.physical_id)) and not instance.cluster:
            secret = instance.endpoint.secret_arn or self._secret(arn, row.logical_id, rows)
            found = _rds(stack, instance.endpoint, _engine(instance.engine), secret)
            return replace(found, identifier=instance.identifier, kind="db-instance")
        return None

    def _dsql(self, stack: str, arn: str, identifier: str) -> Database | None:
        endpoint = self.dsql.endpoint(identifier)
        if endpoint is None:
            return None
        host, _, port = endpoint.partition(":")
        cluster = ":".join(["arn", arn.split(":")[1], "dsql", *arn.split(":")[3:5], f"cluster/{identifier}"])
        return Database(stack, "postgres", "", cluster, host=host, port=int(port or 5432), signed=True)

    def _secret(self, arn: str, logical_id: str, rows: list[StackResource]) -> str:
        """ARN of the secret that the template attaches to the database; empty when there is none."""
        stack = self.cloudformation.stack(arn)
        if stack is None:
            return ""
        side = deployed_side(stack, self.cloudformation.template(arn))
        wanted = attached_secret(resources(Evaluator(side)), logical_id)
        return next((row.physical_id for row in rows if row.logical_id == wanted), "")


def attached_secret(rows: Mapping[str, Resource], logical_id: str) -> str:
    """Logical id of the secret that is attached to a database, or that holds its password; empty when there is none."""
    secrets = {name for name, row in rows.items() if row.type == "AWS::SecretsManager::Secret"}
    attached = [row.properties for row in rows.values() if row.type == ATTACHMENT]
    found = [row.get("SecretId") for row in attached if (logical_id, "") in references(row.get("TargetId"))]
    if not found and logical_id in rows:
        # `{{resolve:secretsmanager:${Secret}:SecretString:password}}`, in any function around it.
        found = [rows[logical_id].properties.get("MasterUserPassword")]
    return next((name for value in found for name, _ in references(value) if name in secrets), "")


def engine_in(template: str) -> Engine | None:
    """The engine that a template's text names for its databases; None when it names none, or both."""
    found = {_engine(name) for name in _ENGINES.findall(template)}
    return found.pop() if len(found) == 1 else None


def _engine(name: str) -> Engine:
    return "mysql" if "mysql" in name or "maria" in name else "postgresql"


def _rds(stack: str, endpoint: Endpoint, engine: Engine, secret: str) -> Database:
    return Database(
        stack=stack,
        name=endpoint.database or _FIRST[engine],
        secret_arn=secret,
        host=endpoint.host,
        port=endpoint.port or _PORTS[engine],
        engine=engine,
        reader=endpoint.reader,
    )
