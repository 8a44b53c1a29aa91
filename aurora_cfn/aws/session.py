"""One botocore session and its clients, each created at its first use."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, overload

from aurora_cfn import __version__
from aurora_cfn.aws.errors import retry_once, retry_throttled, translated
from aurora_cfn.aws.timeouts import LateAnswers, Timeouts

if TYPE_CHECKING:
    from botocore.config import Config
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_rds import RDSClient
    from mypy_boto3_rds_data import RDSDataServiceClient
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_ssm import SSMClient
    from mypy_boto3_sts import STSClient

POOL = 16
"""Connections kept open: the most stacks that are deployed in parallel."""

NEVER_TWICE = frozenset({"rds-data"})
"""Services whose calls are not retried after a lost connection: a statement must not run twice."""

ATTEMPTS, NEAR_ATTEMPTS = 6, 3
"""Most attempts of botocore for a call to AWS, and to the endpoint of --endpoint-url, which is usually local."""

SQL_SECONDS, SHORT_SECONDS = 60, 15
"""Read timeouts: of a statement, which the Data API ends after 45 s, and for reads that are repeated anyway."""

RunOnMain: TypeAlias = Callable[[Callable[[], Any]], Any]
"""Runs a function on the main thread, where the user can be asked, and returns its result."""


@cache
def _models(data_path: str | None) -> Any:
    """botocore's loader of API models for all sessions: else each account or region parses them again (50 ms)."""
    from aurora_cfn.aws.api_models import ApiModels

    return ApiModels(data_path)


@dataclass(frozen=True, slots=True)
class Connection:
    """Endpoint and credentials; None means as the AWS CLI does.

    `keys` are the fixed credentials of the emulator, so that real ones are never sent to it.
    """

    region: str | None = None
    profile: str | None = None
    endpoint_url: str | None = None
    keys: tuple[str, str] | None = None


class Session:
    """The clients of one connection; safe to use from several threads."""

    def __init__(
        self, connection: Connection, ask: Callable[[str, str], str] | None = None, timeouts: Timeouts | None = None
    ) -> None:
        """Keep the connection; profile and credentials are read with the first client.

        `ask(profile, device)` returns an MFA code of the user; without it a profile that needs one is refused.
        """
        self.connection = connection
        self._timeouts = timeouts or Timeouts()
        self._ask = ask
        self._lock = threading.RLock()
        self._clients: dict[tuple[str, bool], Any] = {}
        self._session: Any = None
        self._credentials: Any = None
        self._carry: RunOnMain = lambda work: work()

    @property
    def short_timeouts(self) -> Session:
        """The same session with short timeouts and no retries, for reads that are repeated anyway."""
        return _ShortTimeouts(self)

    def in_region(self, region: str) -> Session:
        """A session in another region with the same credentials, so that no second MFA code is asked for."""
        self.client("cloudformation")  # the first client finds the credentials
        made = Session(replace(self.connection, region=region), self._ask, self._timeouts)
        made._session, made._credentials, made._carry = self._session, self._credentials, self._carry
        # botocore's session must not make clients in two threads at once.
        made._lock = self._lock
        return made

    @property
    def cloudformation(self) -> CloudFormationClient:
        """The client of CloudFormation; raises as `client`."""
        found: CloudFormationClient = self._kept("cloudformation")
        return found

    @property
    def rds(self) -> RDSClient:
        """The client of RDS; raises as `client`."""
        found: RDSClient = self._kept("rds")
        return found

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
        """The client of that service, always the same one. Raises AwsError for an unknown profile or no region."""
        return self._kept(service)

    def _kept(self, service: str, *, short: bool = False) -> Any:
        with self._lock:
            if (service, short) not in self._clients:
                with translated(f"client {service}"):
                    self._clients[service, short] = self._made(service, short=short)
            return self._clients[service, short]

    @contextmanager
    def asking_on(self, carry: RunOnMain) -> Iterator[None]:
        """A block in which MFA codes are asked for through `carry`, from every thread."""
        self._carry = carry
        try:
            yield
        finally:
            self._carry = lambda work: work()

    def public_endpoint(self, service: str, region: str) -> str:
        """AWS's address of the service in that region, such as https://s3.eu-west-1.amazonaws.com.

        It ignores --endpoint-url and configured endpoints. Raises AwsError as `client`.
        """
        self.client(service)
        from botocore.config import Config

        plain: dict[str, Any] = {
            "ignore_configured_endpoint_urls": True,
            "use_dualstack_endpoint": False,
            "use_fips_endpoint": False,
            # botocore's default for us-east-1 is the global s3.amazonaws.com, without the region that callers look for.
            "s3": {"us_east_1_regional_endpoint": "regional"},
        }
        with translated(f"client {service}"):
            # The client makes no call, so any keys do; without keys botocore would look for credentials.
            client = self._session.create_client(
                service,
                region_name=region,
                aws_access_key_id="none",
                aws_secret_access_key="none",
                config=Config(**plain),
            )
        return str(client.meta.endpoint_url)

    def _made(self, service: str, *, short: bool) -> Any:
        # botocore's session has the same credential chain as boto3's, and importing it is 15 ms faster.
        import botocore.session

        where = self.connection
        if self._session is None:
            # With fixed keys AWS_PROFILE must not be read: a profile that does not exist would be an error.
            unnamed = {"profile": (None, None, None, None)} if where.keys else None
            self._session = botocore.session.Session(session_vars=unnamed, profile=where.profile)
            models = _models(self._session.get_config_variable("data_path"))
            self._session.register_component("data_loader", models)
        if where.keys is None and self._credentials is None:
            self._credentials = self._found(self._session)
        key, secret = where.keys or (None, None)
        made = self._session.create_client(
            service,
            region_name=where.region,
            endpoint_url=where.endpoint_url,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            config=self._config(service, short=short),
        )
        self._listen(made, service, short=short)
        return made

    def _found(self, session: Any) -> Any:
        """The credentials of all clients, registered as botocore's provider."""
        from aurora_cfn.aws.credentials import (
            CredentialProvider,
            FoundCredentials,
            RenewingCredentials,
            find_credentials,
            refuse_mfa,
        )

        where = self.connection
        unread = [session]

        def find() -> FoundCredentials:
            # Later ones need a session that reads the files again.
            fresh = unread.pop() if unread else None
            return find_credentials(where.profile, where.region, self._ask or refuse_mfa, fresh)

        found = RenewingCredentials(find, lambda work: self._carry(work))
        session.register_component("credential_provider", CredentialProvider(found))
        return found

    def _config(self, service: str, *, short: bool) -> Config:
        from botocore.config import Config

        attempts = NEAR_ATTEMPTS if self.connection.endpoint_url else ATTEMPTS
        # `short`: `retry_once` decides instead.
        attempts = 1 if service in NEVER_TWICE or short else attempts
        return Config(
            connect_timeout=5,  # seconds; botocore waits for 60, which looks like a hang without a network
            read_timeout=self._answer_seconds(service, short=short),
            # botocore's default is 10: more threads would drop and reopen connections, with a warning for each.
            max_pool_connections=POOL,
            retries={"mode": "standard", "total_max_attempts": attempts},
            user_agent_extra=f"aurora-cfn/{__version__}",
            # Bucket names as subdomains would need DNS entries at a local endpoint, and so would the `stream-` that
            # StartLiveTail puts before the name of the host.
            s3={"addressing_style": "path"} if self.connection.endpoint_url else None,
            inject_host_prefix=not self.connection.endpoint_url,
        )

    def _answer_seconds(self, service: str, *, short: bool) -> float:
        return SQL_SECONDS if service in NEVER_TWICE else SHORT_SECONDS if short else self._timeouts.answer

    def _listen(self, made: Any, service: str, *, short: bool) -> None:
        """Retry calls that AWS certainly did not carry out, and name the answers that are late."""
        name = made.meta.service_model.service_id.hyphenize()
        # botocore asks its own handler first; what is registered last decides only where that gives up.
        event = f"needs-retry.{name}"
        if service not in NEVER_TWICE:
            late = LateAnswers(self._timeouts, service)
            made.meta.events.register(f"before-send.{name}", late.sent)
            made.meta.events.register(f"response-received.{name}", late.answered)
            made.meta.events.register_first(event, self._timeouts.stop)
            made.meta.events.register_last(event, retry_once if short else retry_throttled())
        if self._credentials is not None:
            from aurora_cfn.aws.credentials import renewal

            made.meta.events.register_last(event, renewal(self._credentials))


class _ShortTimeouts(Session):
    """Clients of another session with short timeouts."""

    def __init__(self, session: Session) -> None:
        super().__init__(session.connection)
        self._owner = session

    def _kept(self, service: str, *, short: bool = True) -> Any:
        return self._owner._kept(service, short=short)
