"""Who signs the calls: keys that are over, and sessions of roles as STS gives them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aurora_cfn.errors import AwsError
from tests.fakes.cloudformation import ACCOUNT

OVER = "The security token included in the request is expired"
WRONG_CODE = "MultiFactorAuthentication failed with invalid MFA one time pass code."


@dataclass
class Tokens:
    """`signed` lists action and access key of every call, `regions` where they went, `asked` fields of each AssumeRole,
    `logins` the tokens of SSO that were taken for one.

    Keys in `over` are refused, after `meanwhile` was called; the first ones that call `end_at` are such. Sessions are
    named ASIA1, ASIA2, ... and last an hour.
    """

    signed: list[tuple[str, str]] = field(default_factory=list)
    asked: list[Mapping[str, str]] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    regions: set[str] = field(default_factory=set)
    over: set[str] = field(default_factory=set)
    end_at: str = ""
    codes: set[str] = field(default_factory=set)
    lasting: timedelta = timedelta(hours=1)
    meanwhile: Callable[[], object] = lambda: None

    def sign(self, action: str, authorization: str) -> None:
        """Take note of who calls. Raises AwsError for one whose time is over."""
        found = re.search(r"Credential=([^/]+)/[0-9]+/([^/]+)/", authorization)
        key = found[1] if found else ""
        self.regions.add(found[2] if found else "")
        self.signed.append((action, key))
        if action == self.end_at:
            self.end_at = ""
            self.over.add(key)
        if key in self.over:
            self.meanwhile()
            raise AwsError(OVER, code="ExpiredToken")

    def assume(self, fields: Mapping[str, str]) -> dict[str, Any]:
        """The answer to AssumeRole. Raises AwsError for a code that does not count."""
        self.asked.append(fields)
        if "SerialNumber" in fields and fields.get("TokenCode") not in self.codes:
            raise AwsError(WRONG_CODE, code="AccessDenied")
        key = f"ASIA{len(self.asked)}"
        role = fields["RoleArn"].rpartition("/")[2]
        return {
            "Credentials": {
                "AccessKeyId": key, "SecretAccessKey": "canary", "SessionToken": f"session-{key}",
                "Expiration": datetime.now(UTC) + self.lasting,
            },
            "AssumedRoleUser": {"AssumedRoleId": f"{key}:x", "Arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/x"},
        }  # fmt: skip

    def role_credentials(self, bearer: str) -> tuple[int, str, str]:
        """The whole answer to GetRoleCredentials of SSO, which is refused for a login that is over."""
        if bearer in self.over:
            refused = {"__type": "UnauthorizedException", "message": "Session token not found or invalid"}
            return 401, "application/json", json.dumps(refused)
        self.logins.append(bearer)
        end = datetime.now(UTC) + self.lasting
        found = {
            "accessKeyId": f"ASIASSO{len(self.logins)}", "secretAccessKey": "canary", "sessionToken": "x",
            "expiration": int(end.timestamp() * 1000),
        }  # fmt: skip
        return 200, "application/json", json.dumps({"roleCredentials": found})

    def keys(self, action: str) -> list[str]:
        """Who has called that."""
        return [key for name, key in self.signed if name == action]
