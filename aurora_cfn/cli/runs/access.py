"""`access`: the roles of a database listed, granted and revoked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property

from aurora_cfn.aws.secrets import AwsRoleSecrets, AwsSecrets
from aurora_cfn.cli.runs.database import DatabaseAccess
from aurora_cfn.cli.runs.wake import may_wake
from aurora_cfn.cli.terminal.messages import declined, hide, info, write_stdout
from aurora_cfn.cli.terminal.prompt import confirmed, named, need_terminal
from aurora_cfn.cli.terminal.rows import print_rows
from aurora_cfn.errors import EXIT_NEGATIVE, GuardError, InputError
from aurora_cfn.model.database_role import Grant, Holdings, RoleState, Step
from aurora_cfn.model.resource_types import ROLE
from aurora_cfn.model.rows import Database
from aurora_cfn.operate.access import least_policy
from aurora_cfn.operate.access.path_check import iam_is_off
from aurora_cfn.operate.access.role_password import new_password, secret_name, secret_value
from aurora_cfn.operate.access.roles import Roles, apply, check_name, check_touchable, roles_of
from aurora_cfn.operate.access.rotation import endpoint_of
from aurora_cfn.report.text import amount

SHOWN = 10
"""How many objects of a role are named."""


@dataclass(frozen=True)
class AccessRun:
    """The roles of one database; `no_wake` refuses one that is paused, or may be."""

    access: DatabaseAccess
    database: Database
    no_wake: bool = False

    @cached_property
    def roles(self) -> Roles:
        """The roles, read over the Data API or a direct connection. Raises DeclinedError with `no_wake`."""
        may_wake(self.access, self.database, no_wake=self.no_wake)
        return roles_of(self.access.api(self.database), self.database)

    def show(self, form: str) -> None:
        """Print the roles as table, json or csv."""
        print_rows(self.roles.listed(), form)

    def grant(self, grant: Grant, *, yes: bool) -> int:
        """Show the statements, ask, run them, and print the policy; EXIT_NEGATIVE if the answer is no."""
        self._check(grant)
        need_terminal("--yes grants without a question", unless=yes)
        state = self.roles.state(grant.role)
        check_touchable(state, grant.role)
        with self._with_password(grant) as known:
            steps = self.roles.grant_steps(known, state)
            _show(steps)
            if not yes and not confirmed(f"Run this on {self.database.name} of {self.database.stack}?"):
                return declined()
            self._create_secret(known)
            apply(self.roles, steps)
        self._warn_if_writing(grant)
        write_stdout(json.dumps(self._policy(grant), indent=2))
        if grant.principal:
            info(least_policy.attach_advice(grant.principal, grant.role, self._iam_roles()))
        return 0

    def revoke(self, role: str, confirm: Sequence[str], reassign_to: str) -> int:
        """Show what the role has, ask for its name, end its sessions and drop it; EXIT_NEGATIVE if there is none."""
        check_name(self.roles, role)
        state = self.roles.state(role)
        if not state.there:
            info(f"{self.database.stack} has no role {role}")
            return EXIT_NEGATIVE
        check_touchable(state, role)
        holdings = self.roles.holdings(role)
        if holdings.owned and not reassign_to:
            raise GuardError(_owning(role, holdings))
        closing = self.roles.close_steps(role, holdings)
        dropping = self.roles.drop_steps(role, holdings, reassign_to)
        _show([*closing, *(step for _, steps in dropping for step in steps)])
        if holdings.sessions:
            info(f"{amount(holdings.sessions, 'session')} of {role} will be ended")
        if not named(role, confirm, "a dropped role cannot be restored: "):
            return declined()
        # Closed first: a client that connects again would open a session between the two.
        apply(self.roles, closing)
        ended = self.roles.end_sessions(role, holdings)
        for database, steps in dropping:
            # A connection of its own for another database: a session has only one.
            other = None if database == self.database or database.has_data_api else self.access.wire(database)
            apply(self.roles, steps, database, other)
        self._after_revoke(role, state, ended)
        return 0

    def _check(self, grant: Grant) -> None:
        if grant.principal:
            least_policy.check_principal(grant.principal)
        if self.database.signed:
            if not grant.iam:
                raise InputError("Aurora DSQL has no passwords: leave --password out")
            if not grant.principal:
                raise InputError("Aurora DSQL must know which IAM role or user is to log in as the role: --to ARN")
        elif grant.iam and not endpoint_of(self.access.target.databases, self.database)[1].iam:
            raise InputError(f"IAM authentication is off on {self.database.identifier}: {iam_is_off(self.database)}")
        check_name(self.roles, grant.role)

    @contextmanager
    def _with_password(self, grant: Grant) -> Iterator[Grant]:
        """The grant with the password of the role's secret, or a new one; its secret is deleted if the block fails."""
        if grant.iam:
            yield grant
            return
        name = secret_name(self.database, grant.role)
        state = self._secrets.secret_state(name)
        known = AwsSecrets(self.access.target.session).credentials(state.arn).password if state else new_password()
        hide([known])
        try:
            yield replace(grant, password=known)
        except BaseException:
            if state is None and self._secrets.secret_state(name):
                self._secrets.delete_secret(name)
            raise

    def _create_secret(self, grant: Grant) -> None:
        # Before the role has the password: without its secret no person could log in with it.
        name = secret_name(self.database, grant.role)
        if not grant.iam and self._secrets.secret_state(name) is None:
            value = secret_value(self.database, grant.role, grant.password)
            self._secrets.create_secret(name, value, tags=self.access.target.tags)
            info(f"the password is in the secret {name}, and nowhere else")

    def _warn_if_writing(self, grant: Grant) -> None:
        state = self.roles.state(grant.role)
        if grant.read_only and state.writes:
            info(f"{grant.role} may still write, by another role that it is in, or by what PUBLIC may", "warning")

    def _policy(self, grant: Grant) -> dict[str, object]:
        if self.database.signed:
            return least_policy.dsql_policy(self.database.cluster_arn)
        if grant.iam:
            arn, endpoint = endpoint_of(self.access.target.databases, self.database)
            return least_policy.token_policy(arn, endpoint.resource_id, grant.role)
        state = self._secrets.secret_state(secret_name(self.database, grant.role))
        return least_policy.secret_policy(state.arn if state else "", self.database)

    def _iam_roles(self) -> dict[str, str]:
        """The names of the IAM roles that the environment's stacks have made, each with its place in words."""
        target = self.access.target
        found: dict[str, str] = {}
        makers = [row for row in target.environment.stacks if ROLE in target.templates.text(row.template)]
        for row in makers:
            stack = target.cloudformation.stack(row.name)
            roles = target.cloudformation.resources(stack.arn) if stack else ()
            found |= {one.physical_id: f"{one.logical_id} of {row.name}" for one in roles if one.type == ROLE}
        return found

    def _after_revoke(self, role: str, state: RoleState, ended: int) -> None:
        name = secret_name(self.database, role)
        if not self.database.signed and self._secrets.secret_state(name):
            self._secrets.delete_secret(name)
            info(f"deleted the secret {name}")
        info(f"dropped {role}" + (f", {amount(ended, 'session')} ended" if ended else ""))
        if state.iam:
            info(f"IAM policies that let someone be {role} are left: remove that statement from them")

    @property
    def _secrets(self) -> AwsRoleSecrets:
        return AwsRoleSecrets(self.access.target.session)


def _show(steps: Sequence[Step]) -> None:
    for step in steps:
        info(f"  {step}")


def _owning(role: str, holdings: Holdings) -> str:
    names = list(holdings.owned[:SHOWN])
    more = len(holdings.owned) - len(names)
    listed = "\n".join(f"  {name}" for name in [*names, *([f"and {more} more"] if more > 0 else [])])
    return f"{role} owns these, which would be deleted with it: --reassign-to ROLE gives them to another role\n{listed}"
