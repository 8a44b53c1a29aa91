"""Whether a name is taken: asked of the service that keeps the names."""

from __future__ import annotations

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import NOT_FOUND, AwsError


class AwsNames:
    """The port Names; no value is read."""

    def __init__(self, session: Session) -> None:
        """Take the session; clients are made with the first question."""
        self._session = session

    def log_group(self, name: str) -> bool:
        """Whether there is a log group of exactly that name."""
        with translated("DescribeLogGroups"):
            pages = self._session.client("logs").get_paginator("describe_log_groups").paginate(logGroupNamePrefix=name)
            return any(row["logGroupName"] == name for page in pages for row in page["logGroups"])

    def parameter(self, name: str) -> bool:
        """Whether there is an SSM parameter of that name."""
        with translated("DescribeParameters"):
            paginator = self._session.client("ssm").get_paginator("describe_parameters")
            pages = paginator.paginate(ParameterFilters=[{"Key": "Name", "Option": "Equals", "Values": [name]}])
            return any(row["Name"] == name for page in pages for row in page["Parameters"])

    def secret(self, name: str) -> bool:
        """Whether there is a secret of that name, one that waits for its deletion included."""
        try:
            with translated("DescribeSecret"):
                self._session.client("secretsmanager").describe_secret(SecretId=name)
        except AwsError as error:
            if error.code != NOT_FOUND:
                raise
            return False
        return True
