"""The resources that an environment's policies are limited to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from aurora_cfn.iam.document import Condition
from aurora_cfn.iam.stack_resources import CLUSTER_NAME, INSTANCE_NAME, LONGEST_DATABASE, Made, of_type
from aurora_cfn.model.live_session import PREFIX
from aurora_cfn.model.resource_types import CLUSTER, INSTANCE

SCHEDULES: Final = "AWS::Scheduler::ScheduleGroup"
STACK_TAG: Final = "aws:ResourceTag/aws:cloudformation:stack-name"
"""The tag that CloudFormation gives to what a stack makes; tags that begin with aws: cannot be set by a caller."""


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
