"""What CloudFormation knows of the account beyond one stack: imports of an export, and how many stacks fit."""

from __future__ import annotations

from collections.abc import Sequence

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import AwsError
from aurora_cfn.model.database import Quota

LIMIT = "StackLimit"
GONE = "DELETE_COMPLETE"


class AwsAccount:
    """The port Account."""

    def __init__(self, session: Session) -> None:
        """Take the session; the client is made with the first question."""
        self._session = session

    def importers(self, export: str) -> Sequence[str]:
        """Names of the stacks that import the export; AWS calls it an error when there is none."""
        client = self._session.client("cloudformation")
        try:
            with translated("ListImports"):
                pages = client.get_paginator("list_imports").paginate(ExportName=export)
                return [name for page in pages for name in page["Imports"]]
        except AwsError as error:
            if error.code == "ValidationError" and "not imported" in str(error):
                return []
            raise

    def exports(self) -> frozenset[str]:
        """Names of everything that stacks of the account export in the region."""
        client = self._session.client("cloudformation")
        with translated("ListExports"):
            pages = client.get_paginator("list_exports").paginate()
            return frozenset(row["Name"] for page in pages for row in page["Exports"])

    def stacks(self) -> Quota:
        """How many stacks the account has in the region, and may have; a limit of 0 is one that AWS did not tell."""
        client = self._session.client("cloudformation")
        with translated("DescribeAccountLimits"):
            limits = client.get_paginator("describe_account_limits").paginate()
            told = {row["Name"]: row["Value"] for page in limits for row in page["AccountLimits"]}
        with translated("ListStacks"):
            pages = client.get_paginator("list_stacks").paginate()
            used = sum(row["StackStatus"] != GONE for page in pages for row in page["StackSummaries"])
        return Quota("stacks", used, told.get(LIMIT, 0))
