"""The port Account on boto3: exports and the quota of stacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

from aurora_cfn.aws.pages import every_row
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import VALIDATION, AwsError
from aurora_cfn.model.rds_database import Quota
from aurora_cfn.model.stack import DELETED

STACK_LIMIT = "StackLimit"
"""Name of the quota in DescribeAccountLimits."""


@dataclass(frozen=True, slots=True)
class AwsAccount:
    """The port Account."""

    session: Session

    def importers(self, export: str) -> Sequence[str]:
        client = self.session.client("cloudformation")
        try:
            return every_row(client, "list_imports", "Imports", str, ExportName=export)
        except AwsError as error:
            # AWS reports an export without importers as an error.
            if error.code == VALIDATION and "not imported" in str(error):
                return []
            raise

    def exports(self) -> frozenset[str]:
        client = self.session.client("cloudformation")
        return frozenset(every_row(client, "list_exports", "Exports", itemgetter("Name")))

    def stacks(self) -> Quota:
        """The quota of stacks in the region; its limit is 0 if AWS does not return it."""
        client = self.session.client("cloudformation")
        limits = dict(every_row(client, "describe_account_limits", "AccountLimits", itemgetter("Name", "Value")))
        # ListStacks includes stacks for 90 days after their deletion.
        found = every_row(client, "list_stacks", "StackSummaries", itemgetter("StackStatus"))
        return Quota("stacks", sum(status != DELETED for status in found), limits.get(STACK_LIMIT, 0))
