"""Whether a name is already taken in the account and region."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.pages import every_row
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import NOT_FOUND


@dataclass(frozen=True, slots=True)
class AwsNames:
    """The port Names. Only names are read, no values."""

    session: Session

    def log_group(self, name: str) -> bool:
        client, called = self.session.client("logs"), itemgetter("logGroupName")
        # The call matches a prefix.
        return name in every_row(client, "describe_log_groups", "logGroups", called, logGroupNamePrefix=name)

    def parameter(self, name: str) -> bool:
        client, equal = self.session.client("ssm"), {"Key": "Name", "Option": "Equals", "Values": [name]}
        found = every_row(client, "describe_parameters", "Parameters", itemgetter("Name"), ParameterFilters=[equal])
        return name in found

    def secret(self, name: str) -> bool:
        with translated("DescribeSecret", absent={NOT_FOUND}):
            self.session.client("secretsmanager").describe_secret(SecretId=name)
            return True
        return False
