"""What is sent to Secrets Manager and RDS about passwords and proxies, and what of the answers is kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from aurora_cfn.aws.attachments import AwsProxies
from aurora_cfn.aws.secrets import AwsRoleSecrets
from aurora_cfn.errors import AwsError
from aurora_cfn.model.database_role import Proxy, SecretState
from tests.aws.stubs import session, stubbed

SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:s-abcdef"
STAGES = {"1" * 32: ["AWSPREVIOUS"], "2" * 32: ["AWSCURRENT"], "3" * 32: ["AWSPENDING"]}


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({}, SecretState(SECRET, "2" * 32)),
        ({"RotationEnabled": True}, SecretState(SECRET, "2" * 32, rotates=True)),
        ({"OwningService": "rds"}, SecretState(SECRET, "2" * 32, rotates=True)),
        ({"DeletedDate": datetime(2026, 11, 28, tzinfo=UTC)}, None),
    ],
)
def test_the_state_of_a_secret(more: dict[str, Any], wanted: SecretState | None) -> None:
    place = session()
    with stubbed(place, "secretsmanager") as stub:
        stub.add_response("describe_secret", {"ARN": SECRET, "VersionIdsToStages": STAGES, **more}, {"SecretId": "s"})
        assert AwsRoleSecrets(place).secret_state("s") == wanted


def test_a_secret_that_is_not_there_or_is_closed() -> None:
    place = session()
    with stubbed(place, "secretsmanager") as stub:
        stub.add_client_error("describe_secret", "ResourceNotFoundException")
        stub.add_client_error("describe_secret", "AccessDeniedException")
        secrets = AwsRoleSecrets(place)
        assert secrets.secret_state("s") is None
        with pytest.raises(AwsError, match="AccessDenied"):
            secrets.secret_state("s")


def test_a_secret_is_made_rotated_and_deleted() -> None:
    place = session()
    with stubbed(place, "secretsmanager") as stub:
        tags = [{"Key": "a", "Value": "b"}]
        stub.add_response("create_secret", {"ARN": SECRET}, {"Name": "n", "SecretString": "{}", "Tags": tags})
        stub.add_response("rotate_secret", {}, {"SecretId": SECRET, "RotateImmediately": True})
        stub.add_response("delete_secret", {}, {"SecretId": "n", "ForceDeleteWithoutRecovery": True})
        secrets = AwsRoleSecrets(place)
        assert secrets.create_secret("n", "{}", tags={"a": "b"}) == SECRET
        secrets.rotate_secret(SECRET)
        secrets.delete_secret("n")
        stub.assert_no_pending_responses()


def test_rds_rotates_at_once() -> None:
    place, now = session(), {"RotateMasterUserPassword": True, "ApplyImmediately": True}
    with stubbed(place, "rds") as stub:
        stub.add_response("modify_db_cluster", {}, {"DBClusterIdentifier": "c", **now})
        stub.add_response("modify_db_instance", {}, {"DBInstanceIdentifier": "i", **now})
        passwords = AwsRoleSecrets(place)
        passwords.rotate_master_password("db-cluster", "c")
        passwords.rotate_master_password("db-instance", "i")
        stub.assert_no_pending_responses()


def test_the_proxies_with_the_database_as_a_target() -> None:
    place = session()
    rows: list[dict[str, Any]] = [
        {"DBProxyName": "a", "DBProxyArn": "arn:aws:rds:r:1:db-proxy:prx-a", "Auth": [{"SecretArn": "s"}, {}]},
        {"DBProxyName": "b", "DefaultAuthScheme": "IAM_AUTH"}, {"DBProxyName": "other"},
    ]  # fmt: skip
    targets = [{"TrackedClusterId": "c", "RdsResourceId": "c-1"}, {"RdsResourceId": "c"}, {"RdsResourceId": "x"}]
    with stubbed(place, "rds") as stub:
        stub.add_response("describe_db_proxies", {"DBProxies": rows}, {})
        for row, found in zip(rows, targets, strict=True):
            stub.add_response("describe_db_proxy_targets", {"Targets": [found]}, {"DBProxyName": row["DBProxyName"]})
        assert AwsProxies(place).proxies_of("c") == [
            Proxy("a", "arn:aws:rds:r:1:db-proxy:prx-a", ("s",)), Proxy("b", "", any_role=True),
        ]  # fmt: skip
    assert Proxy("a", "arn:aws:rds:r:1:db-proxy:prx-a").resource_id == "prx-a"
