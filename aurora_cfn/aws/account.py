"""The port Account on boto3: exports and the quota of stacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aurora_cfn.aws.errors import translated
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
            with translated("ListImports"):
                pages = client.get_paginator("list_imports").paginate(ExportName=export)
                return [name for page in pages for name in page.get("Imports", ())]
        except AwsError as error:
            # AWS reports an export without importers as an error.
            if error.code == VALIDATION and "not imported" in str(error):
                return []
            raise

    def exports(self) -> frozenset[str]:
        client = self.session.client("cloudformation")
        with translated("ListExports"):
            pages = client.get_paginator("list_exports").paginate()
            return frozenset(row["Name"] for page in pages for row in page.get("Exports", ()))

    def stacks(self) -> Quota:
        """The quota of stacks in the region; its limit is 0 if AWS does not return it."""
        client = self.session.client("cloudformation")
        with translated("DescribeAccountLimits"):
            limits = client.get_paginator("describe_account_limits").paginate()
            values = {row["Name"]: row["Value"] for page in limits for row in page.get("AccountLimits", ())}
        with translated("ListStacks"):
            pages = client.get_paginator("list_stacks").paginate()
            # ListStacks includes stacks for 90 days after their deletion.
            used = sum(row["StackStatus"] != DELETED for page in pages for row in page.get("StackSummaries", ()))
        return Quota("stacks", used, values.get(STACK_LIMIT, 0))
