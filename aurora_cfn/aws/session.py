"""One boto3 session and its clients, each made when it is first used."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, overload

from aurora_cfn import __version__
from aurora_cfn.aws.errors import retry_once, retry_throttled, translated

if TYPE_CHECKING:
    from botocore.config import Config
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

ANSWER_SECONDS, SHORT_SECONDS = 60, 15
"""Seconds that an answer may take, and may take in haste."""

RunOnMain: TypeAlias = Callable[[Callable[[], Any]], Any]
"""Has work done in the place where a person can be asked; what the work gives back."""


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

    def __init__(self, connection: Connection, ask: Callable[[str, str], str] | None = None) -> None:
        """Read nothing yet: profiles and credentials are looked up with the first client.

        `ask` asks a person for the code of an MFA device, given the profile's name and the device; without it a profile
        that wants one is refused.
        """
        self.connection = connection
        self._ask = ask
        self._lock = threading.RLock()
        self._clients: dict[tuple[str, bool], Any] = {}
        self._session: Any = None
        self._credentials: Any = None
        self._carry: RunOnMain = lambda work: work()

    @property
    def short_timeouts(self) -> Session:
        """The same session with clients that give up soon, for reads that are made again anyway."""
        return _ShortTimeouts(self)

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
        return self._kept(service)

    def _kept(self, service: str, *, short: bool = False) -> Any:
        with self._lock:
            if (service, short) not in self._clients:
                with translated(f"client {service}"):
                    self._clients[service, short] = self._made(service, short=short)
            return self._clients[service, short]

    @contextmanager
    def asking_on(self, carry: RunOnMain) -> Iterator[None]:
        """While the block runs, whatever may ask a person for a code is done through `carry`, from every thread."""
        self._carry = carry
        try:
            yield
        finally:
            self._carry = lambda work: work()

    def public_endpoint(self, service: str, region: str) -> str:
        """AWS's own address of the service in that region, such as https://s3.eu-west-1.amazonaws.com.

        Whatever address is called instead does not matter. Raises AwsError as `client`.
        """
        self.client(service)
        from botocore.config import Config

        plain: dict[str, Any] = {
            "ignore_configured_endpoint_urls": True,
            "use_dualstack_endpoint": False,
            "use_fips_endpoint": False,
            "s3": {"us_east_1_regional_endpoint": "regional"},
        }
        with translated(f"client {service}"):
            # Nothing is called with it, so nobody has to be found who would sign.
            client = self._session.create_client(
                service,
                region_name=region,
                aws_access_key_id="none",
                aws_secret_access_key="none",
                config=Config(**plain),
            )
        return str(client.meta.endpoint_url)

    def _made(self, service: str, *, short: bool) -> Any:
        # botocore's own session is boto3's foundation: the same chain, without the 15 ms that S3 transfers cost.
        import botocore.session

        where = self.connection
        if self._session is None:
            # With keys of its own no profile counts, not even one that the shell names and that is not there.
            unnamed = {"profile": (None, None, None, None)} if where.keys else None
            self._session = botocore.session.Session(session_vars=unnamed, profile=where.profile)
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
        """The credentials of all clients, put into botocore's place for them."""
        from aurora_cfn.aws.credentials import CredentialProvider, RenewingCredentials, find_credentials, refuse_mfa

        where = self.connection
        found = RenewingCredentials(
            lambda: find_credentials(where.profile, where.region, self._ask or refuse_mfa),
            lambda work: self._carry(work),
        )
        session.register_component("credential_provider", CredentialProvider(found))
        return found

    def _config(self, service: str, *, short: bool) -> Config:
        from botocore.config import Config

        attempts = NEAR_ATTEMPTS if self.connection.endpoint_url else ATTEMPTS
        attempts = 1 if service in NEVER_TWICE or short else attempts
        return Config(
            connect_timeout=5,
            read_timeout=SHORT_SECONDS if short else ANSWER_SECONDS,
            max_pool_connections=POOL,
            retries={"mode": "standard", "total_max_attempts": attempts},
            user_agent_extra=f"aurora-cfn/{__version__}",
            # An address given by hand seldom has a name for each bucket below it.
            s3={"addressing_style": "path"} if self.connection.endpoint_url else None,
        )

    def _listen(self, made: Any, service: str, *, short: bool) -> None:
        """Have refused calls sent again that were surely not carried out."""
        event = f"needs-retry.{made.meta.service_model.service_id.hyphenize()}"
        if service not in NEVER_TWICE:
            made.meta.events.register_last(event, retry_once if short else retry_throttled())
        if self._credentials is not None:
            from aurora_cfn.aws.credentials import renewal

            made.meta.events.register_last(event, renewal(self._credentials))


class _ShortTimeouts(Session):
    """Clients of another session that give up soon."""

    def __init__(self, session: Session) -> None:
        super().__init__(session.connection)
        self._patient = session

    def _kept(self, service: str, *, short: bool = True) -> Any:
        return self._patient._kept(service, short=short)
