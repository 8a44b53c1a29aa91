"""The least IAM policy with which a database role can be used, and where it is attached."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from aurora_cfn.errors import InputError
from aurora_cfn.iam.document import document, statement
from aurora_cfn.model.rows import Database

# aws, aws-cn, aws-us-gov and others: the partitions. A path may stand before the name, and `put-role-policy` takes the
# name alone.
PRINCIPAL = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/(?P<path>[\w+=,.@/-]+)")
DATA_API = (
    "rds-data:BeginTransaction", "rds-data:CommitTransaction", "rds-data:ExecuteStatement",
    "rds-data:RollbackTransaction",
)  # fmt: skip


def check_principal(arn: str) -> None:
    """Raise InputError for text that is no ARN of an IAM role or user."""
    if not PRINCIPAL.fullmatch(arn):
        raise InputError(f"--to {arn}: not the ARN of an IAM role or user (arn:PARTITION:iam::ACCOUNT:role/NAME)")


def user_arn(arn: str, resource_id: str, role: str) -> str:
    """What rds-db:connect is allowed on: that role on that database. `arn` is any of RDS in the account and region."""
    partition, _, region, account = arn.split(":")[1:5]
    return f"arn:{partition}:rds-db:{region}:{account}:dbuser:{resource_id}/{role}"


def token_policy(arn: str, resource_id: str, role: str) -> dict[str, Any]:
    """Log in as exactly that role on exactly that database with an IAM token."""
    return document([statement("Connect", ["rds-db:connect"], [user_arn(arn, resource_id, role)])])


def dsql_policy(cluster_arn: str) -> dict[str, Any]:
    """Log in at exactly that DSQL cluster, as the database roles that the principal is mapped to."""
    return document([statement("Connect", ["dsql:DbConnect"], [cluster_arn])])


def secret_policy(secret_arn: str, database: Database) -> dict[str, Any]:
    """Read exactly that role's secret, and use the Data API of exactly that cluster where it has one."""
    statements = [statement("ReadItsSecret", ["secretsmanager:GetSecretValue"], [secret_arn])]
    if database.has_data_api:
        statements.append(statement("UseTheDataApi", DATA_API, [database.cluster_arn]))
    return document(statements)


def attach_advice(principal: str, role: str, owners: Mapping[str, str]) -> str:
    """How to attach the policy; `owners` are the names of IAM roles in stacks of the environment, each with its place.

    A role of a stack is changed in its template: what is attached by hand is drift, or is gone with the next change.
    """
    found = PRINCIPAL.fullmatch(principal)
    name = found["path"].rpartition("/")[2] if found else principal
    if name in owners:
        return f"{name} is {owners[name]}: write the statement into its policies in the template, and deploy"
    verb = "put-user-policy --user-name" if ":user/" in principal else "put-role-policy --role-name"
    return f"attach it: aws iam {verb} {name} --policy-name connect-{role} --policy-document file://policy.json"
