"""The databases of a variant and what belongs to them: clusters, instances, proxies, snapshots."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from aurora_cfn.facts.versions import EngineVersion, read_version
from aurora_cfn.lint.found import Found, Reference
from aurora_cfn.lint.variant import Resource, Variant
from aurora_cfn.model.resource_types import CLUSTER, INSTANCE

_RESTORED = ("SnapshotIdentifier", "SourceDBClusterIdentifier", "SourceDbClusterResourceId", "GlobalClusterIdentifier")


@dataclass(frozen=True, slots=True, eq=False)
class Cluster:
    """An Aurora cluster whose engine is known."""

    resource: Resource
    engine: str

    @property
    def variant(self) -> Variant:
        """The template, with the parameter values under which it is read."""
        return self.resource.variant

    def get(self, *keys: str | int) -> Found:
        """What a property of the cluster holds."""
        return self.resource.get(*keys)

    @property
    def is_postgresql(self) -> bool:
        """True for Aurora PostgreSQL, False for Aurora MySQL."""
        return self.engine == "aurora-postgresql"

    @property
    def version(self) -> EngineVersion | None:
        """Its engine version; None when it is absent, not known, or not a version of the engine."""
        text = self.get("EngineVersion").text
        return None if text is None else read_version(self.engine, text)

    @property
    def is_limitless(self) -> bool:
        """Whether it is, or may be, a Limitless Database, which has shard groups in place of instances."""
        scale = self.get("ClusterScalabilityType")
        return bool(self.version and self.version.is_limitless) or not (scale.absent or scale.text == "standard")

    @property
    def pauses(self) -> bool:
        """Whether it certainly scales to zero."""
        return self.get("ServerlessV2ScalingConfiguration", "MinCapacity").number == 0

    @property
    def is_express(self) -> bool:
        """Whether it is, or may be, made by express configuration: with its own writer, and without a password."""
        found = self.get("WithExpressConfiguration")
        return not (found.absent or found.flag is False)

    @property
    def is_copy(self) -> bool:
        """Whether it comes, or may come, from a snapshot, another cluster or a global database."""
        return any(not self.get(name).absent for name in _RESTORED)

    def instances(self) -> tuple[Resource, ...]:
        """Instances that certainly belong to it; the condition of one may be undecided."""
        return tuple(row for row in self.variant.resources(INSTANCE) if self.owns(row.get("DBClusterIdentifier")))

    def has_unclear_instances(self) -> bool:
        """Whether the template has an instance whose cluster is not known, so that it may be this one."""
        return any(_unclear(row) for row in self.variant.resources(INSTANCE))

    def owns(self, found: Found) -> bool:
        """Whether a value names this cluster."""
        if found.reference:
            return found.reference.logical_id == self.resource.name
        # RDS keeps identifiers in lower case (API reference, CreateDBCluster).
        mine = self.get("DBClusterIdentifier").text
        return mine is not None and found.text is not None and found.text.lower() == mine.lower()

    def parameter_group(self) -> Resource | None:
        """Its parameter group when that is in the same template."""
        return self.variant.target(self.get("DBClusterParameterGroupName"))

    def proxy_targets(self) -> Iterator[Resource]:
        """Target groups of proxies that name it."""
        for row in self.variant.resources("AWS::RDS::DBProxyTargetGroup"):
            if any(self.owns(found) for found in row.items("DBClusterIdentifiers") or ()):
                yield row


def aurora_clusters(variant: Variant) -> tuple[Cluster, ...]:
    """Clusters of an Aurora engine; those of an unknown engine are left out."""
    rows = ((row, (row.get("Engine").text or "").lower()) for row in variant.resources(CLUSTER))
    return tuple(Cluster(row, engine) for row, engine in rows if engine in {"aurora-postgresql", "aurora-mysql"})


def single_instances(variant: Variant) -> tuple[Resource, ...]:
    """Instances outside of a cluster, whose data is their own; read replicas are left out."""
    inside = ("DBClusterIdentifier", "SourceDBInstanceIdentifier", "SourceDBClusterIdentifier")
    rows = (row for row in variant.resources(INSTANCE) if all(row.get(name).absent for name in inside))
    # An unknown engine may be Aurora's, whose instances are never single ones.
    return tuple(row for row in rows if not (row.get("Engine").text or "aurora").lower().startswith("aurora"))


def open_source_engine(resource: Resource) -> str:
    """The engine of a database in lower case; empty for one that is neither PostgreSQL, MySQL nor MariaDB."""
    engine = (resource.get("Engine").text or "").lower()
    return engine if engine.removeprefix("aurora-") in {"postgresql", "postgres", "mysql", "mariadb"} else ""


def _unclear(instance: Resource) -> bool:
    found = instance.get("DBClusterIdentifier")
    return not found.absent and found.reference is None and found.text is None


TARGETS: Final = "AWS::RDS::DBProxyTargetGroup"


def databases_behind(proxy: Resource) -> Iterator[Resource]:
    """Clusters and instances of this template that the proxy leads to."""
    variant = proxy.variant
    for target in _targets(proxy):
        for cluster in aurora_clusters(variant):
            if any(row.name == target.name for row in cluster.proxy_targets()):
                yield cluster.resource
        rows = (variant.target(row) for row in target.items("DBInstanceIdentifiers") or ())
        yield from (row for row in rows if row is not None)


def engines_behind(proxy: Resource) -> Iterator[str]:
    """Engines of the databases that the proxy leads to."""
    engines = (row.get("Engine").text for row in databases_behind(proxy))
    yield from (engine.lower() for engine in engines if engine)


def _targets(proxy: Resource) -> Iterator[Resource]:
    name = proxy.get("DBProxyName").text
    for target in proxy.variant.resources(TARGETS):
        found = target.get("DBProxyName")
        mine = found.reference and found.reference.logical_id == proxy.name
        if mine or (name is not None and found.text == name):
            yield target


SECRET: Final = "AWS::SecretsManager::Secret"
ATTACHMENT: Final = "AWS::SecretsManager::SecretTargetAttachment"


def master_secrets(variant: Variant) -> Iterator[tuple[Resource, Resource]]:
    """Databases whose master password a secret of the template generates, each with that secret."""
    for database in variant.resources(CLUSTER, INSTANCE):
        pieces = database.get("MasterUserPassword").pieces
        for piece in pieces if "{{resolve:secretsmanager:" in str(pieces[:1]) else ():
            secret = variant.resource(piece.logical_id) if isinstance(piece, Reference) else None
            if secret and secret.type == SECRET and secret.get("GenerateSecretString").mapping:
                yield database, secret
