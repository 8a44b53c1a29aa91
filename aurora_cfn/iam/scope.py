"""The resources that an environment's policies are limited to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from aurora_cfn.iam.action_tables import CHANGES, SNAPSHOTS, WHOLE_ACCOUNT
from aurora_cfn.iam.document import Condition
from aurora_cfn.iam.green_side import DEPLOYMENTS, deployment_arns
from aurora_cfn.iam.limit import ANYTHING, Limit
from aurora_cfn.iam.live_sessions import session_resources
from aurora_cfn.iam.made import CLUSTER_NAME, INSTANCE_NAME, LONGEST_DATABASE, LONGEST_ROLE, Made, of_type
from aurora_cfn.iam.secret_limits import insights_keys, secret_keys, secret_limits
from aurora_cfn.iam.stack_sets import stack_set_resources
from aurora_cfn.model.live_session import PREFIX
from aurora_cfn.model.port_forwarding import FORWARDING
from aurora_cfn.model.resource_types import CLUSTER, INSTANCE

SCHEDULES: Final = "AWS::Scheduler::ScheduleGroup"
READ_LOGS: Final = frozenset({"logs:FilterLogEvents", "logs:StartLiveTail", "logs:StartQuery"})
LOG_FILES: Final = frozenset({"rds:DescribeDBLogFiles", "rds:DownloadDBLogFilePortion"})
STACK_TAG: Final = "aws:ResourceTag/aws:cloudformation:stack-name"
"""The tag that CloudFormation gives to what a stack makes; tags that begin with aws: cannot be set by a caller."""
ONLY_NEW: Final[Condition] = {"Null": {"s3:if-none-match": "false"}}
"""Only uploads that do not write over an object: environments share a bucket (S3 User Guide, conditional writes)."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The limits of a policy; by default none.

    `made` are the resources of the environment's templates, None where there is no environment. `managed`: the secrets
    of master users that RDS manages are read. `roles`: secrets of database roles are made and deleted. `secrets` are
    those with a name of their own. `boundaries` are the policies, by ARN, of which a role must have one before a policy
    is written into it. `owner` are the tags of what belongs to the environment, its snapshots too.
    `readable` are stacks that are read and not changed. `tags_databases`: databases get tags too, those of a swap.
    `claims` is the path of the parameters that claim the names of clients. `stack_set` is the name of the StackSet that
    is worked on; `set_account` is its account where that is another one.
    """

    partition: str = "aws"
    region: str = "*"
    account: str = "*"
    stacks: Sequence[str] = ("*",)
    secrets: Sequence[str] = ("*",)
    parameters: Sequence[str] = ("*",)
    buckets: Sequence[str] = ("*",)
    made: Sequence[Made] | None = None
    managed: bool = False
    roles: bool = False
    boundaries: Sequence[str] = ()
    owner: Mapping[str, str] = field(default_factory=dict)
    tags_databases: bool = False
    readable: Sequence[str] = ()
    upgrades: bool = False
    """Blue/green deployments are made, switched and deleted."""
    live: bool = False
    """Live sessions are made and ended."""
    sessions: str = f"{PREFIX}-*"
    """The beginning of the names of live sessions, and the name of their role."""
    insights: bool = False
    """Performance Insights is read; the keys of KMS are those that it encrypts with."""
    exports: bool = False
    """Snapshots are exported, and RDS gets the role for it."""
    claims: str = ""
    stack_set: str = ""
    set_account: str = ""

    def limits(self, action: str) -> tuple[Limit, ...]:
        """What the action is allowed for: none where the environment has nothing of that kind."""
        if action.startswith("pi:") or (self.insights and action.startswith("kms:")):
            return tuple(self._insights(action.partition(":")[0]))
        found = stack_set_resources(action, self) or session_resources(action, self)
        return (Limit(*found),) if found[0] else self._limits(action)

    def _limits(self, action: str) -> tuple[Limit, ...]:
        service = action.partition(":")[0]
        # Without the name of a stack DescribeStacks lists all, which is allowed for all or not at all.
        lists = action == "cloudformation:DescribeStacks" and self.claims and any("*" in name for name in self.stacks)
        if action in WHOLE_ACCOUNT or lists:
            return (ANYTHING,)
        if service == "secretsmanager":
            return tuple(secret_limits(action, self))
        if service == "dsql":
            return tuple(self._distributed(action))
        if service in {"rds", "rds-data"}:
            return tuple(self._databases(action))
        if service == "kms" and action != "kms:Decrypt":
            return (Limit((self.arn("kms", "key/*"),), self._used_by_rds(action)),)
        if service == "scheduler":
            return tuple(self._schedules())
        if action == "iam:PassRole":
            return tuple(self._passed_roles())
        if action == "ssm:StartSession":
            return (Limit(self._tunnels(), {"BoolIfExists": {"ssm:SessionDocumentAccessCheck": "true"}}),)
        if service == "kms":
            through = f"secretsmanager.{self.region}.amazonaws.com*"
            return (Limit(tuple(secret_keys(self)), {"StringLike": {"kms:ViaService": through}}),)
        return (Limit(self._others(service, action), ONLY_NEW if action == "s3:PutObject" else None),)

    def _tunnels(self) -> tuple[str, ...]:
        """Any host, as the params file names none, but only with the document that forwards a port: no shell."""
        document = f"arn:{self.partition}:ssm:{self.region}::document/{FORWARDING}"
        return (self.arn("ec2", "instance/*"), self.arn("ecs", "task/*"), document)

    def _schedules(self) -> Iterator[Limit]:
        groups = ["*"] if self.made is None else [row.name("Name", 64) for row in of_type(self.made, SCHEDULES)]
        if groups:
            yield Limit(tuple(self.arn("scheduler", f"schedule/{group}/*") for group in groups))

    def _passed_roles(self) -> Iterator[Limit]:
        """Any role for exports, as the params file names none; the roles beside the groups of schedules for those."""
        if self.exports or self.made is None:
            yield Limit((self.role("*"),), {"StringEquals": {"iam:PassedToService": "export.rds.amazonaws.com"}})
        stacks = {row.stack for row in of_type(self.made or (), SCHEDULES)}
        roles = [row for row in of_type(self.made or (), "AWS::IAM::Role") if row.stack in stacks]
        names = ["*"] if self.made is None else [row.name("RoleName", LONGEST_ROLE) for row in roles]
        if names and not self.exports:
            passed = {"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}}
            yield Limit(tuple(map(self.role, names)), passed)

    def names(self, kind: str, key: str) -> list[str]:
        """Names of the databases of that type; everything where there is no environment."""
        if self.made is None:
            return ["*"]
        # An instance of a cluster has neither data nor a secret of its own.
        rows = (row for row in of_type(self.made, kind) if key != INSTANCE_NAME or CLUSTER_NAME not in row.properties)
        return list(dict.fromkeys(row.name(key, LONGEST_DATABASE).lower() for row in rows))

    def unnamed(self) -> list[Made]:
        """Databases whose names come from elsewhere, such as from another stack."""
        kinds = ((CLUSTER, CLUSTER_NAME), (INSTANCE, INSTANCE_NAME))
        rows = ((row, key) for kind, key in kinds for row in of_type(self.made or (), kind))
        return [row for row, key in rows if row.name(key, LONGEST_DATABASE) == "*"]

    def arn(self, service: str, rest: str) -> str:
        """An ARN in the region and account of the environment."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{rest}"

    def role(self, name: str) -> str:
        """The ARN of a role."""
        return f"arn:{self.partition}:iam::{self.account}:role/{name}"

    def secret(self, name: str) -> str:
        """The ARN of a secret given by name or ARN."""
        # Secrets Manager adds a hyphen and six characters to the name in the ARN.
        rest = "secret:*" if name == "*" else f"secret:{name}-??????"
        return name if name.startswith("arn:") else self.arn("secretsmanager", rest)

    def stack_tag(self) -> Condition:
        """A condition: the resource belongs to one of the environment's stacks."""
        operator = "StringLike" if any("*" in name for name in self.stacks) else "StringEquals"
        return {operator: {STACK_TAG: list(self.stacks)}}

    def _others(self, service: str, action: str) -> tuple[str, ...]:
        if service == "cloudformation":
            return self._stacks(action)
        if action == "ssm:TerminateSession":
            # Sessions are named after their caller.
            return (self.arn("ssm", "session/${aws:username}-*"), self.arn("ssm", "session/${aws:userid}-*"))
        if action == "ssm:GetParameters":
            return tuple(self.arn(service, f"parameter/{name.lstrip('/')}") for name in self.parameters)
        if service == "ssm" and self.claims:
            # GetParametersByPath is authorized for the path itself.
            return tuple(self.arn(service, f"parameter{self.claims}{tail}") for tail in ("", "/*"))
        if service == "s3":
            tail = "/*" if action.endswith("Object") else ""
            return tuple(f"arn:{self.partition}:s3:::{name}{tail}" for name in self.buckets)
        if action in READ_LOGS:
            return tuple(self._log_groups())
        return ("*",)

    def _log_groups(self) -> Iterator[str]:
        """ARNs of the groups that RDS writes the logs of the environment's databases to."""
        for place, kind, key in (("cluster", CLUSTER, CLUSTER_NAME), ("instance", INSTANCE, INSTANCE_NAME)):
            for name in self.names(kind, key):
                yield self.arn("logs", f"log-group:/aws/rds/{place}/{name}/*")

    def _stacks(self, action: str) -> tuple[str, ...]:
        reads = action.partition(":")[2].startswith(("Describe", "Get", "List"))
        names = [*self.stacks, *(self.readable if reads else ())]
        found = [self.arn("cloudformation", f"stack/{name}/*" if name != "*" else "stack/*") for name in names]
        if action == "cloudformation:DescribeEvents":
            # Also called for change sets, and then the change set may be the resource that is authorized.
            found.append(self.arn("cloudformation", "changeSet/*"))
        return tuple(found)

    def _databases(self, action: str) -> Iterator[Limit]:
        if self.upgrades and action in DEPLOYMENTS:
            if clusters := self.names(CLUSTER, CLUSTER_NAME):
                yield Limit(tuple(self.arn("rds", rest) for rest in deployment_arns(action, clusters)))
            return
        if action in LOG_FILES:
            # Those of the members of clusters too, whose names are not all known.
            yield Limit((self.arn("rds", "db:*"),), self.stack_tag() if self.made else None)
            return
        kinds = ("cluster",) if action.startswith("rds-data:") else SNAPSHOTS.get(action) or CHANGES.get(action)
        if kinds is None:
            yield ANYTHING
            return
        if action == "rds:AddTagsToResource" and self.tags_databases:
            kinds = (*kinds, "cluster", "db")
        names = {"cluster": self.names(CLUSTER, CLUSTER_NAME), "db": self.names(INSTANCE, INSTANCE_NAME)}
        if all(names.get(kind, True) for kind in kinds):
            arns = tuple(self.arn("rds", f"{kind}:{name}") for kind in kinds for name in names.get(kind, ["*"]))
            yield Limit(arns, self._owned(action))

    def _owned(self, action: str) -> Condition | None:
        """For snapshots that are there, whose names may be any: they have the tags of the environment.

        The copy of a snapshot has no tags before it is made, so there only the tags of others are refused.
        """
        verb = action.removeprefix("rds:")
        if not self.owner or not verb.startswith(("Copy", "Delete", "Modify", "StartExport")):
            return None
        operator = "StringEqualsIfExists" if verb.startswith("Copy") else "StringEquals"
        return {operator: {f"aws:ResourceTag/{key}": value for key, value in self.owner.items()}}

    def _used_by_rds(self, action: str) -> Condition | None:
        """A grant only for RDS, which encrypts a snapshot with it; what a key is may be read."""
        if action != "kms:CreateGrant":
            return None
        through = {"kms:ViaService": f"rds.{self.region}.amazonaws.com*"}
        return {"StringLike": through, "Bool": {"kms:GrantIsForAWSResource": "true"}}

    def _insights(self, service: str) -> Iterator[Limit]:
        if service == "kms":
            # As in "Changing an AWS KMS policy for Performance Insights" (Aurora user guide, read 2026-11).
            through = {"kms:ViaService": f"rds.{self.region}.amazonaws.com*"}
            of_insights = {"kms:EncryptionContext:service": "pi"}
            yield Limit(tuple(insights_keys(self)), {"StringLike": through, "StringEquals": of_insights})
        elif self.made is None or of_type(self.made, CLUSTER, INSTANCE):
            # The id of an instance is random. Performance Insights has the tags of the instance (Aurora user guide,
            # "Using tag-based access control for Performance Insights", read 2026-11).
            yield Limit((self.arn("pi", "metrics/rds/*"),), self.stack_tag() if self.made else None)

    def _distributed(self, action: str) -> Iterator[Limit]:
        if self.made is None:
            yield ANYTHING
        elif of_type(self.made, "AWS::DSQL::Cluster"):
            # The id of a cluster is random, and stays unknown until the cluster is made.
            condition = self.stack_tag() if action.startswith(("dsql:DbConnect", "dsql:Update")) else None
            yield Limit((self.arn("dsql", "cluster/*"),), condition)
