"""The port EncryptionKeys on boto3."""

from __future__ import annotations

from dataclasses import dataclass

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import AwsError

NO_KEY = "NotFoundException"


@dataclass(frozen=True, slots=True)
class AwsKeys:
    """The port EncryptionKeys."""

    session: Session

    def made_by_aws(self, key: str) -> bool | None:
        """Whether AWS manages the key; None where the caller may not read it, or it is gone."""
        try:
            with translated("DescribeKey"):
                found = self.session.client("kms").describe_key(KeyId=key)["KeyMetadata"]
        except AwsError as error:
            if error.denied or error.code == NO_KEY:
                return None
            raise
        return bool(found.get("KeyManager") == "AWS")
