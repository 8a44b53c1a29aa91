"""Aurora DSQL on botocore: where a cluster is, and tokens that take the place of its passwords."""

from __future__ import annotations

from typing import Any

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import NOT_FOUND
from aurora_cfn.model.resource_types import DSQL_ADMIN
from aurora_cfn.model.rows import Credentials

"""The role that every cluster has, and that alone may connect before others are made."""


class AwsDsql:
    """The port DsqlClusters, and the credentials for a connection."""

    def __init__(self, session: Session) -> None:
        """Take the session; the client is made with the first question."""
        self._session = session

    def endpoint(self, identifier: str) -> str | None:
        """Host of the cluster (GetCluster); None when there is none of that identifier."""
        with translated("GetCluster", absent={NOT_FOUND}):
            found = self._client.get_cluster(identifier=identifier)
            # Not the connection's region, which is None where profile or environment name one.
            region = self._client.meta.region_name
            # Clusters that are being created have no endpoint yet; the name is the documented form of it.
            return str(found.get("endpoint") or f"{identifier}.dsql.{region}.on.aws")
        return None

    def unprotect(self, identifier: str) -> None:
        """Switch the deletion protection of the cluster off at once."""
        with translated("UpdateCluster"):
            self._client.update_cluster(identifier=identifier, deletionProtectionEnabled=False)

    def credentials(self, host: str, role: str = DSQL_ADMIN) -> Credentials:
        """The role with a token for that host, which opens new connections for 15 minutes; nothing is called.

        Raises AwsError where the caller has no credentials to sign with.
        """
        region = self._client.meta.region_name
        # `admin` takes only a token for dsql:DbConnectAdmin, every other role only one for dsql:DbConnect.
        if role == DSQL_ADMIN:
            with translated("GenerateDbConnectAdminAuthToken"):
                token = self._client.generate_db_connect_admin_auth_token(host, region)
        else:
            with translated("GenerateDbConnectAuthToken"):
                token = self._client.generate_db_connect_auth_token(host, region)
        return Credentials(role, str(token), token=True)

    @property
    def _client(self) -> Any:
        return self._session.client("dsql")
