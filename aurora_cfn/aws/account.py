"""What is in the account and region: the caller, exports, the quota of stacks, and names that are taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.pages import every_row
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import NOT_FOUND, VALIDATION, AwsError
from aurora_cfn.model.stack import DELETED

if TYPE_CHECKING:
    from aurora_cfn.model.rds_database import Quota

STACK_LIMIT = "StackLimit"
"""Name of the quota in DescribeAccountLimits."""


@dataclass(frozen=True, slots=True)
class AwsAccount:
    """The port Account."""

    session: Session

    def importers(self, export: str) -> Sequence[str]:
        try:
            return every_row(self.session.cloudformation, "list_imports", "Imports", str, ExportName=export)
        except AwsError as error:
            # AWS reports an export without importers as an error.
            if error.code == VALIDATION and "not imported" in str(error):
                return []
            raise

    def exports(self) -> frozenset[str]:
        return frozenset(every_row(self.session.cloudformation, "list_exports", "Exports", itemgetter("Name")))

    def stacks(self) -> Quota:
        """The quota of stacks in the region; its limit is 0 if AWS does not return it."""
        # Imported here: a new stack needs nothing of RDS.
        from aurora_cfn.model.rds_database import Quota

        client, pair = self.session.cloudformation, itemgetter("Name", "Value")
        limits = dict(every_row(client, "describe_account_limits", "AccountLimits", pair))
        # ListStacks includes stacks for 90 days after their deletion.
        found = every_row(client, "list_stacks", "StackSummaries", itemgetter("StackStatus"))
        return Quota("stacks", sum(status != DELETED for status in found), limits.get(STACK_LIMIT, 0))


@dataclass(frozen=True, slots=True)
class AwsNames:
    """The port Names. Only names are read, no values."""

    session: Session

    def log_group(self, name: str) -> bool:
        client, called = self.session.client("logs"), itemgetter("logGroupName")
        # The call matches a prefix.
        return name in every_row(client, "describe_log_groups", "logGroups", called, logGroupNamePrefix=name)

    def parameter(self, name: str) -> bool:
        # DescribeParameters, because GetParameter would return the value too, and need permission for it.
        client, equal = self.session.client("ssm"), {"Key": "Name", "Option": "Equals", "Values": [name]}
        found = every_row(client, "describe_parameters", "Parameters", itemgetter("Name"), ParameterFilters=[equal])
        return name in found

    def secret(self, name: str) -> bool:
        # A secret that is scheduled for deletion is found as well: its name stays taken until then.
        with translated("DescribeSecret", absent={NOT_FOUND}):
            self.session.client("secretsmanager").describe_secret(SecretId=name)
            return True
        return False


@dataclass(frozen=True, slots=True)
class StsCaller:
    """The identity of the credentials."""

    session: Session

    def identity(self) -> tuple[str, str]:
        """Account id and ARN of the caller."""
        with translated("GetCallerIdentity"):
            answer = self.session.client("sts").get_caller_identity()
            return answer["Account"], answer["Arn"]
