"""Whether a name is already taken in the account and region."""

from __future__ import annotations

from dataclasses import dataclass

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import NOT_FOUND, AwsError


@dataclass(frozen=True, slots=True)
class AwsNames:
    """The port Names. Only names are read, no values."""

    session: Session

    def log_group(self, name: str) -> bool:
        with translated("DescribeLogGroups"):
            pages = self.session.client("logs").get_paginator("describe_log_groups").paginate(logGroupNamePrefix=name)
            # The call matches a prefix.
            return any(row["logGroupName"] == name for page in pages for row in page.get("logGroups", ()))

    def parameter(self, name: str) -> bool:
        with translated("DescribeParameters"):
            paginator = self.session.client("ssm").get_paginator("describe_parameters")
            pages = paginator.paginate(ParameterFilters=[{"Key": "Name", "Option": "Equals", "Values": [name]}])
            return any(row["Name"] == name for page in pages for row in page.get("Parameters", ()))

    def secret(self, name: str) -> bool:
        try:
            with translated("DescribeSecret"):
                self.session.client("secretsmanager").describe_secret(SecretId=name)
        except AwsError as error:
            if error.code != NOT_FOUND:
                raise
            return False
        return True
