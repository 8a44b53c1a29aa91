"""Whether a database role can be used: every part of the path from the cluster to an open session."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from aurora_cfn.errors import AwsError
from aurora_cfn.model.database_role import PathPart, Proxy, RoleState
from aurora_cfn.model.rds_database import Endpoint
from aurora_cfn.model.rows import Database, Rows
from aurora_cfn.operate.access.least_policy import user_arn


def iam_is_off(database: Database) -> str:
    """What to set where IAM authentication is off."""
    where = database.resource or "the database"
    return f"set EnableIAMDatabaseAuthentication: true on {where} in the template of {database.stack}, and deploy"


@dataclass(frozen=True, slots=True)
class PathCheck:
    """The checks of one database in RDS.

    `keys` gives the names of the keys in a secret, None without secret; `user_of` the user in a secret. `open_session`
    opens a session as a role with a token, and says as which user; all of them raise AwsError.
    """

    database: Database
    arn: str
    endpoint: Endpoint
    keys: Callable[[str], frozenset[str] | None]
    user_of: Callable[[str], str]
    open_session: Callable[[str], str]

    def of_database(self) -> Iterator[PathPart]:
        """What every role needs."""
        on = self.endpoint.iam
        yield PathPart("IAM authentication", "ok" if on else "missing", "on" if on else iam_is_off(self.database))
        secret = self.database.secret_arn
        if not secret:
            yield PathPart("master secret", "unknown", "no secret is attached: the command cannot log in by itself")
            return
        try:
            found = self.keys(secret)
        except AwsError as error:
            yield PathPart("master secret", "missing", f"not readable: {error}")
            return
        complete = found is not None and found >= {"username", "password"}
        detail = "readable" if complete else f"{secret} does not exist, or lacks username and password"
        yield PathPart("master secret", "ok" if complete else "missing", detail)

    def of_role(self, role: str, state: RoleState, proxies: Sequence[Proxy], *, secret: str = "") -> Iterator[PathPart]:
        """What one role needs; a session is opened only if the role could have one. `secret` has its password."""
        if secret and state.there and state.login and not state.iam:
            yield PathPart(f"role {role}", "ok", "may write" if state.writes else "may not write")
            yield self._secret_part(role, secret)
            return
        yield _role_part(role, state, self.database)
        for proxy in proxies:
            yield self._proxy_part(role, proxy)
        if state.iam and state.login and self.endpoint.iam:
            yield self._session_part(role)

    def _proxy_part(self, role: str, proxy: Proxy) -> PathPart:
        what, policy = f"proxy {proxy.name}", user_arn(self.arn, proxy.resource_id, role)
        if proxy.any_role:
            return PathPart(what, "ok", f"lets in every role by IAM; its clients need rds-db:connect on {policy}")
        unread = 0
        for secret in proxy.secrets:
            try:
                if self.user_of(secret) == role:
                    return PathPart(what, "ok", f"knows {role}; its clients need rds-db:connect on {policy}")
            except AwsError:
                unread += 1
        if unread:
            return PathPart(what, "unknown", f"{unread} of its secrets cannot be read from here")
        # Not an error: without the proxy the role can still log in at the database itself.
        return PathPart(what, "unknown", f"has no secret of {role}: clients must connect to the database itself")

    def _secret_part(self, role: str, secret: str) -> PathPart:
        try:
            user = self.user_of(secret)
        except AwsError as error:
            return PathPart("its secret", "unknown", f"not readable from here: {error}")
        if user != role:
            return PathPart("its secret", "missing", f"{secret} is of {user}")
        return PathPart("its secret", "ok", secret)

    def _session_part(self, role: str) -> PathPart:
        try:
            user = self.open_session(role)
        except AwsError as error:
            if error.unanswered:
                return PathPart("session", "unknown", f"no network path from here to {self.database.host}")
            policy = user_arn(self.arn, self.endpoint.resource_id, role)
            return PathPart("session", "missing", f"refused: {error}; the caller needs rds-db:connect on {policy}")
        return PathPart("session", "ok", f"a token opened one as {user}")


def _role_part(role: str, state: RoleState, database: Database) -> PathPart:
    what = f"role {role}"
    if not state.there:
        return PathPart(what, "missing", f"it does not exist: aurora-cfn access grant {role}")
    if not state.login:
        return PathPart(what, "missing", "it may not log in: grant it again")
    if not state.iam:
        lacks = "AWSAuthenticationPlugin" if database.engine == "mysql" else "rds_iam"
        return PathPart(what, "missing", f"it has no {lacks}, so tokens are refused: grant it again with --iam")
    return PathPart(what, "ok", "may write" if state.writes else "may not write")


def as_table(parts: Sequence[PathPart]) -> Rows:
    """The parts as rows."""
    return Rows.of(("part", "state", "detail"), ((row.what, row.state, row.detail) for row in parts))
