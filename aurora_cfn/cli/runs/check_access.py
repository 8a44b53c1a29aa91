"""`access check`: whether a database role can be used, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aurora_cfn.aws.attachments import AwsProxies
from aurora_cfn.aws.secrets import AwsRoleSecrets, AwsSecrets
from aurora_cfn.cli.runs.access import AccessRun
from aurora_cfn.cli.runs.sql import ADVICE
from aurora_cfn.cli.terminal.rows import print_rows
from aurora_cfn.errors import EXIT_NEGATIVE, AwsError
from aurora_cfn.model.database_role import PathPart, Proxy
from aurora_cfn.operate.access.path_check import PathCheck, as_table
from aurora_cfn.operate.access.role_password import secret_name
from aurora_cfn.operate.access.rotation import endpoint_of
from aurora_cfn.operate.inspect.checks import as_rows


@dataclass(frozen=True)
class AccessCheck:
    """The check of one role, or of all that log in with IAM tokens."""

    run: AccessRun

    def show(self, role: str | None, form: str) -> int:
        """Print every part of the path; EXIT_NEGATIVE if one is missing."""
        database = self.run.database
        parts = [*(self._dsql(role) if database.signed else self._rds(role))]
        self.run.access.awake()
        print_rows(as_table(parts), form)
        return EXIT_NEGATIVE if any(row.state == "missing" for row in parts) else 0

    def _rds(self, role: str | None) -> Iterator[PathPart]:
        session, database = self.run.access.target.session, self.run.database
        secrets, roles = AwsSecrets(session), self.run.roles
        arn, endpoint = endpoint_of(self.run.access.target.databases, database)
        check = PathCheck(
            database, arn, endpoint, secrets.keys, lambda one: secrets.credentials(one).user, self._opened
        )  # fmt: skip
        yield from check.of_database()
        proxies, unread = self._proxies()
        yield from unread
        for name in self._names(role):
            own = AwsRoleSecrets(session).secret_state(secret_name(database, name))
            yield from check.of_role(name, roles.state(name), proxies, secret=own.arn if own else "")

    def _dsql(self, role: str | None) -> Iterator[PathPart]:
        for name in self._names(role):
            state = self.run.roles.state(name)
            if not state.there or not state.iam:
                lacks = "no IAM role or user is mapped to it" if state.there else "it does not exist"
                yield PathPart(f"role {name}", "missing", f"{lacks}: aurora-cfn access grant {name} --to ARN")
                continue
            yield PathPart(f"role {name}", "ok", f"mapped to {', '.join(state.principals)}")
            try:
                yield PathPart("session", "ok", f"a token opened one as {self._opened(name)}")
            except AwsError as error:
                # Only the mapped principals can open one, and the caller of this command may be another.
                yield PathPart("session", "unknown", f"refused to the caller of this command: {error}")

    def _names(self, role: str | None) -> Sequence[str]:
        if role is not None:
            return [role]
        rows = as_rows(self.run.roles.listed())
        wanted = "principal" if self.run.database.signed else "iam"
        return list(dict.fromkeys(str(row["role"]) for row in rows if row[wanted]))

    def _proxies(self) -> tuple[Sequence[Proxy], Sequence[PathPart]]:
        try:
            return AwsProxies(self.run.access.target.session).proxies_of(self.run.database.identifier), ()
        except AwsError as error:
            if not error.denied:
                raise
            return (), [PathPart("proxies", "unknown", f"not readable from here: {error}")]

    def _opened(self, role: str) -> str:
        database = self.run.database
        user = "select current_user()" if database.engine == "mysql" else "select current_user::text as name"
        rows = self.run.access.wire(database, ADVICE, role).execute(database, user)
        return str(rows.rows[0][0]).partition("@")[0]
