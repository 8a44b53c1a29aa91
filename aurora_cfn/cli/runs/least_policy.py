"""The least IAM policy of a command: what it grants, and the resources of an environment that limit it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from aurora_cfn.aws.permissions import (
    COPIES,
    MAKES_ROLE_SECRETS,
    MAKING,
    ON_BEHALF,
    READS_MASTER_SECRET,
    ROLE_TAKERS,
    needed,
    passes_role,
    reads_actuals,
    unused_beside_sessions,
    unused_of_clients,
)
from aurora_cfn.cli.runs.fleet_policy import (
    CLIENTS,
    FLEET,
    ClientLimits,
    accounts_target,
    administration_role,
    client_stacks,
    fleet_target,
)
from aurora_cfn.cli.runs.policy_resources import BRANCH, PolicyResources
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.facts.regions import partition
from aurora_cfn.iam.boundary import boundary, with_boundary
from aurora_cfn.iam.branches import branch_stacks, janitors
from aurora_cfn.iam.document import split
from aurora_cfn.iam.fleet_scope import of_accounts, of_fleet
from aurora_cfn.iam.policy import Grants, policy
from aurora_cfn.iam.roles import PASS, left_out, passed_by_name, unbounded
from aurora_cfn.iam.scope import Scope
from aurora_cfn.iam.secret_limits import insights_keys, secret_keys
from aurora_cfn.iam.trust import service_role_trust
from aurora_cfn.operate.live.session_tags import role_name

DEV = "dev"


@dataclass(frozen=True)
class LeastPolicy:
    """The policies of an environment whose account is known; `copies` is a pattern for copies of its databases.

    `readable` are stacks beside those of the target, which are read and not changed. `client` limits it to one client.
    """

    target: Target
    copies: str = ""
    readable: tuple[str, ...] = ()
    client: ClientLimits | None = None

    @cached_property
    def _resources(self) -> PolicyResources:
        return PolicyResources(self.target, self.copies)

    def of(self, name: str, *, role: bool = False) -> dict[str, Any]:
        """The policy of the command's caller, or with `role` that of the role that CloudFormation works with."""
        copies = COPIES.get(name, "")
        # The same object keeps what it has read of the templates.
        meant = self if copies == self.copies else replace(self, copies=copies)
        return policy(meant._grants(name, role=role), meant.scope(name))

    def boundary(self) -> dict[str, Any]:
        """The permissions boundary of the roles that the stacks make, and of the role of live sessions."""
        return boundary(self.scope(), live=self.target.environment.live)

    def service_role(self, name: str) -> dict[str, Any]:
        """The service role and the policies of the command with it, by name; each policy is small enough to attach."""
        role = self.target.environment.role_arn or self.scope().role(f"aurora-cfn-{self.target.environment.name}")
        bounded = bool(self.scope().boundaries) or self.target.environment.live
        with_role = LeastPolicy(replace(self.target, environment=replace(self.target.environment, role_arn=role)))
        return {
            "ServiceRole": role,
            "Trust": service_role_trust(self.scope()),
            "ServiceRolePolicies": split(with_role.of(name, role=True)),
            "CallerPolicies": split(with_role.of(name)),
            **({"PermissionsBoundary": self.boundary()} if bounded else {}),
        }

    def notes(self, name: str, *, role: bool) -> Iterator[str]:
        """What a person has to do or to know before the printed policy works."""
        scope, environment = self.scope(name if name in {CLIENTS, DEV, FLEET} else ""), self.target.environment
        behalf = self._resources.handler_actions(self._behalf(name), name) if role or not environment.role_arn else []
        # A branch makes no role.
        lacking = unbounded(scope) if behalf and name != BRANCH else []
        if name == DEV and not environment.permissions_boundary:
            lacking = ["the role that ends live sessions"]
        if lacking:
            yield (
                f"the policies of {', '.join(lacking)} need a permissions boundary: make one of "
                f"`aurora-cfn permissions boundary --env {environment.name}`, and write "
                f"`permissions_boundary: {scope.boundaries[0]}` into {environment.path}"
            )
        if left_out(behalf):
            yield f"left out, since it would make an administrator: {', '.join(left_out(behalf))}"
        passed = passed_by_name(scope) if PASS in behalf else []
        if passed:
            yield f"{PASS} is for the roles that the templates make: allow it by name for {', '.join(passed)}"
        unknown = [f"{row.stack}/{row.logical_id}" for row in scope.unnamed()]
        if unknown:
            yield f"the names of {', '.join(unknown)} are not known here, so the policy is for databases of any name"
        if name == "restore":
            yield "--snapshot takes the snapshots whose names begin with that of the cluster; allow others by name"
            yield "--into-env also needs the source: rds:RestoreDBClusterToPointInTime on the cluster of the other one"
        if name == "migrate-v1":
            yield "the old database is not of this environment: allow its snapshot, secret and Data API by name"
        if environment.live and unused_beside_sessions(needed(name)) & set(needed(name)):
            yield "ending a live session of `dev` needs what `aurora-cfn permissions dev` prints, beside this policy"
        if "kms:PutKeyPolicy" in behalf:
            yield "a new key has no name, so the policy allows to change the policy of every key of the account"

    def scope(self, name: str = "") -> Scope:
        """What limits the policies: the account, region, stacks, names and resources of the environment."""
        environment, resources = self.target.environment, self._resources
        made = resources.made
        named = list(dict.fromkeys([*(row.name for row in environment.stacks), *(row.stack for row in made)]))
        stacks, readable = (branch_stacks(made), named) if name == BRANCH else (named, [])
        if name == CLIENTS:
            stacks = client_stacks(self.target)
            readable = [row for row in named if row not in stacks]
        if name == FLEET:
            stacks, readable = [], list(self.readable)
        found = Scope(
            partition(environment.region),
            environment.region,
            environment.account or "*",
            stacks,
            resources.secrets,
            resources.parameters(),
            [resources.bucket()],
            [*resources.made_by(name), *(janitors(made) if name == BRANCH else ())],
            readable=readable,
            managed=name in READS_MASTER_SECRET,
            roles=name in MAKES_ROLE_SECRETS,
            owner=self.target.owner.tags,
            tags_databases=bool(self.copies),
            upgrades=name == "upgrade",
            live=name == DEV,
            sessions=role_name(self.target.project, environment.name),
            insights=name == "metrics",
            exports=name == "snapshot",
        )
        if name == CLIENTS and environment.fleet:
            buckets = [resources.bucket(region) for region in environment.fleet.regions]
            found = of_fleet(found, environment.fleet, buckets)
        if self.client:
            found = self.client.narrowed(found)
        if name == FLEET and environment.fleet:
            found = of_accounts(found, environment.fleet)
        return with_boundary(found, environment.name, environment.permissions_boundary or "")

    def _grants(self, name: str, *, role: bool) -> Grants:
        if name == FLEET:
            # Its stacks are made with the roles of StackSets.
            return Grants(self._needed(name), administration_role(self.target))
        handlers, resources = self._behalf(name), self._resources
        behalf, trusted = resources.handler_actions(handlers, name), [] if name == BRANCH else resources.trusted()
        # CloudFormation resolves dynamic references ({{resolve:...}}) with the permissions that it works with.
        resolves = bool(handlers and resources.secrets)
        if role:
            return Grants(on_behalf=behalf, through=False, trusted=trusted, resolves=resolves)
        given = self.target.environment.role_arn or ""
        passed = given if passes_role(name) else ""
        reads = resources.handler_actions(("read",)) if reads_actuals(name) else []
        if given:
            urls = resources.template_urls()
            return Grants(self._needed(name), passed, reads=reads, taking=ROLE_TAKERS, urls=urls)
        through = [action for action in behalf if action not in reads]
        return Grants(self._needed(name), "", through, trusted=trusted, resolves=resolves, reads=reads)

    def _behalf(self, name: str) -> tuple[str, ...]:
        if name == CLIENTS and self.target.environment.fleet and self.target.environment.fleet.pool:
            return ()
        return ON_BEHALF.get(name, ())

    def _needed(self, name: str) -> list[str]:
        """Actions of the command's calls, with S3 and SSM only if there is something to upload or to look up."""
        unused = set(MAKING if self.target.environment.bucket else ())
        unused |= unused_beside_sessions(needed(name))
        unused |= set() if self._resources.parameters() or name == CLIENTS else {"ssm:GetParameters"}
        if name == CLIENTS and (fleet := self.target.environment.fleet):
            unused |= unused_of_clients(needed(name), pool=fleet.pool is not None)
        uploads, scope = self._resources.uploads(), self.scope(name)
        # Sessions are looked for where the params file allows them.
        none = (*(() if uploads else ("s3:",)), *(() if self.target.environment.live or name == "dev" else ("sqs:",)))
        found = [row for row in needed(name) if row not in unused and not row.startswith(none)]
        found = sorted({*found, *self.client.actions}) if self.client else found
        # A secret that is not encrypted with AWS's own key is decrypted with the caller's permission.
        found += ["kms:Decrypt"] if scope.managed and secret_keys(scope) else []
        return found + (["kms:Decrypt", "kms:GenerateDataKey"] if scope.insights and insights_keys(scope) else [])


def least_policy(target: Target, name: str) -> LeastPolicy:
    """The policies of the command, whose account is known. Raises InputError for a fleet of another kind than its."""
    if name == FLEET:
        return LeastPolicy(accounts_target(target), readable=tuple(row.name for row in target.environment.stacks))
    return LeastPolicy(fleet_target(target) if name == CLIENTS else target)
