#!/usr/bin/env bash
# One would expect: the secret of a cluster with ManageMasterUserPassword holds the cluster's MasterUsername and a random password, as RDS makes it; a
#   mock that creates the secret, with its ARN, its key and its tags, takes the name from the request.
# What happens: moto's secret says {"username": "admin", "password": "P@55w0rd!"} for every cluster and instance, whatever the MasterUsername is. The
#   cluster itself has the right one. After ModifyDBCluster with RotateMasterUserPassword, which RDS answers with a new password, the secret has no
#   current value any more: GetSecretValue raises ResourceNotFoundException.
# Why it matters: code that reads the user from the secret, as the managed secret is meant to be used, connects as admin in the test, which no
#   PostgreSQL cluster can have as a master user; code that reads it from the cluster connects as somebody else. And as two clusters share one
#   password, a test that mixes up the secrets of two databases passes.
# Version and source: moto 5.2.5 (PyPI), rds/models.py; the contents of the secret: Aurora user guide, password management with Secrets Manager.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check 'moto[rds,secretsmanager]==5.2.5' boto3==1.43.106 2>/dev/null
cat > secret.py <<'PY'
import json
from importlib.metadata import version

import boto3
from moto import mock_aws

print("moto", version("moto"))
settings = {"region_name": "eu-west-1", "aws_access_key_id": "none", "aws_secret_access_key": "none"}
with mock_aws():
    rds, secrets = boto3.client("rds", **settings), boto3.client("secretsmanager", **settings)
    found = {}
    for name in ("orders", "billing"):
        cluster = rds.create_db_cluster(
            DBClusterIdentifier=name, Engine="aurora-postgresql", MasterUsername=f"{name}_owner", ManageMasterUserPassword=True,
        )["DBCluster"]
        secret = json.loads(secrets.get_secret_value(SecretId=cluster["MasterUserSecret"]["SecretArn"])["SecretString"])
        print(f"{name}: the cluster's user is {cluster['MasterUsername']}, the secret's {secret['username']}")
        found[name] = (cluster["MasterUsername"], secret["username"], secret["password"])
    rds.modify_db_cluster(DBClusterIdentifier="billing", RotateMasterUserPassword=True, ApplyImmediately=True)
    try:
        secrets.get_secret_value(SecretId=cluster["MasterUserSecret"]["SecretArn"])
        rotated = "a value"
    except secrets.exceptions.ResourceNotFoundException as error:
        rotated = error.response["Error"]["Message"]
print("after the rotation of billing:", rotated)
passwords = {password for _, _, password in found.values()}
print("different passwords:", len(passwords))
same = [row[:2] for row in found.values()] == [("orders_owner", "admin"), ("billing_owner", "admin")] and len(passwords) == 1 and rotated != "a value"
raise SystemExit(None if same else "the behaviour has changed")
PY
env/bin/python secret.py
