"""RDS Proxy on boto3, read only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aurora_cfn.aws.pages import every_row
from aurora_cfn.aws.session import Session
from aurora_cfn.model.database_role import Proxy

if TYPE_CHECKING:
    from mypy_boto3_rds import RDSClient

BY_IAM = "IAM_AUTH"
"""DefaultAuthScheme of a proxy that logs in at the database with IAM, as the role that its client names."""


@dataclass(frozen=True, slots=True)
class AwsProxies:
    """Reads the proxies of a database."""

    session: Session

    def proxies_of(self, database: str) -> Sequence[Proxy]:
        """The proxies with the database among their targets: one call, and one for each proxy of the region."""
        return targeting(self.session.client("rds"), database)


def targeting(rds: RDSClient, database: str) -> list[Proxy]:
    """The proxies that have the cluster, an instance of it, or the instance of that identifier as a target."""
    found = every_row(rds, "describe_db_proxies", "DBProxies", _proxy)
    return [proxy for proxy in found if database in _targets(rds, proxy.name)]


def _targets(rds: RDSClient, proxy: str) -> Iterator[str]:
    for row in every_row(rds, "describe_db_proxy_targets", "Targets", dict, DBProxyName=proxy):
        # Each instance of a cluster is a row of its own, with its cluster in TrackedClusterId.
        yield from (row.get("TrackedClusterId", ""), row.get("RdsResourceId", ""))


def _proxy(row: Mapping[str, Any]) -> Proxy:
    secrets = tuple(one["SecretArn"] for one in row.get("Auth", ()) if one.get("SecretArn"))
    return Proxy(row["DBProxyName"], row.get("DBProxyArn", ""), secrets, row.get("DefaultAuthScheme") == BY_IAM)
