"""IAM database authentication of RDS: tokens in place of passwords."""

from __future__ import annotations

from dataclasses import dataclass

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session
from aurora_cfn.model.rows import Credentials


@dataclass(frozen=True, slots=True)
class AwsLoginTokens:
    """IAM tokens that take the place of a password."""

    session: Session

    def credentials(self, host: str, port: int, role: str) -> Credentials:
        """The database role with a token, which opens new connections for 15 minutes; nothing is called.

        It is signed for the database's own host and port, also where a tunnel leads there. Raises AwsError where the
        caller has no credentials to sign with.
        """
        with translated("GenerateDBAuthToken"):
            token = self.session.client("rds").generate_db_auth_token(DBHostname=host, Port=port, DBUsername=role)
        return Credentials(role, str(token), token=True)
