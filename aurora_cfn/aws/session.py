"""One boto3 session and its clients, each made when it is first used."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, overload

from aurora_cfn import __version__
from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.throttling import patience

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_rds import RDSClient
    from mypy_boto3_rds_data import RDSDataServiceClient
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_ssm import SSMClient
    from mypy_boto3_sts import STSClient

POOL = 16
"""Connections kept open: as many as stacks that are deployed side by side at most."""

NEVER_TWICE = frozenset({"rds-data"})
"""Services whose calls are not repeated when the connection breaks: a statement must not run twice."""

ATTEMPTS, NEAR_ATTEMPTS = 6, 3
"""How often botocore sends a lost call at most, to AWS and to an endpoint given by hand, which is near."""


@dataclass(frozen=True, slots=True)
class Connection:
    """Where to call and as whom; what is None is found as the AWS CLI finds it.

    `keys` are the fixed credentials of an emulator, so that a call to it never carries real ones.
    """

    region: str | None = None
    profile: str | None = None
    endpoint_url: str | None = None
    keys: tuple[str, str] | None = None


class Session:
    """Clients for one connection; safe to use from several threads."""

    def __init__(self, connection: Connection) -> None:
        """Read nothing yet: profiles and credentials are looked up with the first client."""
        self.connection = connection
        self._lock = threading.RLock()
        self._clients: dict[str, Any] = {}
        self._session: Any = None

    @overload
    def client(self, service: Literal["cloudformation"]) -> CloudFormationClient: ...
    @overload
    def client(self, service: Literal["rds"]) -> RDSClient: ...
    @overload
    def client(self, service: Literal["rds-data"]) -> RDSDataServiceClient: ...
    @overload
    def client(self, service: Literal["secretsmanager"]) -> SecretsManagerClient: ...
    @overload
    def client(self, service: Literal["ssm"]) -> SSMClient: ...
    @overload
    def client(self, service: Literal["sts"]) -> STSClient: ...
    @overload
    def client(self, service: str) -> Any: ...

    def client(self, service: str) -> Any:
        """The client of that service. Raises AwsError for an unknown profile or a missing region."""
        with self._lock:
            if service not in self._clients:
                with translated(f"client {service}"):
                    self._clients[service] = self._made(service)
            return self._clients[service]

    def _made(self, service: str) -> Any:
        # botocore's own session is boto3's foundation: the same chain, without the 15 ms that S3 transfers cost.
        import botocore.session
        from botocore.config import Config

        where = self.connection
        if self._session is None:
            self._session = botocore.session.Session(profile=where.profile)
        key, secret = where.keys or (None, None)
        attempts = 1 if service in NEVER_TWICE else NEAR_ATTEMPTS if where.endpoint_url else ATTEMPTS
        config = Config(
            connect_timeout=5,
            read_timeout=60,
            max_pool_connections=POOL,
            retries={"mode": "standard", "total_max_attempts": attempts},
            user_agent_extra=f"aurora-cfn/{__version__}",
        )
        made = self._session.create_client(
            service,
            region_name=where.region,
            endpoint_url=where.endpoint_url,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            config=config,
        )
        if service not in NEVER_TWICE:
            made.meta.events.register_last(f"needs-retry.{made.meta.service_model.service_id.hyphenize()}", patience())
        return made
