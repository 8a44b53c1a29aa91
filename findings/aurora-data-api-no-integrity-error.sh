#!/usr/bin/env bash
# One would expect: a duplicate key in PostgreSQL raises the DB-API's IntegrityError, or at least the class that aurora-data-api has for its
#   SQLSTATE (ER_UNIQUE_VIOLATION); a missing table does raise the class of its own.
# What happens: a plain DatabaseError. The driver looks for the SQLSTATE only in messages that hold a "Position:" of the statement, which
#   PostgreSQL gives for errors of syntax and names, never for a violated constraint. So no constraint has a class, and the class of a
#   MySQL duplicate is no IntegrityError either.
# Why it matters: "insert, and on IntegrityError update" never updates; frameworks built on it answer 500 where they mean 409.
# Version and source: aurora-data-api 0.5.0 (PyPI), its _get_database_error; the messages have the form of the Data API for Serverless v2.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check aurora-data-api==0.5.0 boto3==1.44.8 2>/dev/null
cat > raised.py <<'PY'
from importlib.metadata import version

import aurora_data_api
import boto3
from botocore.stub import Stubber

CLUSTER = "arn:aws:rds:eu-west-1:123456789012:cluster:orders"
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders"
MESSAGES = {
    "missing table": 'ERROR: relation "orders" does not exist\n  Position: 13; SQLState: 42P01',
    "duplicate key": 'ERROR: duplicate key value violates unique constraint "orders_pkey"\n'
    "  Detail: Key (id)=(1) already exists.; SQLState: 23505",
}


def raised(message):
    client = boto3.client("rds-data", region_name="eu-west-1", aws_access_key_id="none", aws_secret_access_key="none")
    with Stubber(client) as stub:
        stub.add_response("begin_transaction", {"transactionId": "one"})
        stub.add_client_error("execute_statement", "DatabaseErrorException", message)
        connection = aurora_data_api.connect(aurora_cluster_arn=CLUSTER, secret_arn=SECRET, database="orders", rds_data_client=client)
        try:
            connection.cursor().execute("insert into orders (id) values (1)")
        except aurora_data_api.DatabaseError as error:
            return type(error)


found = {what: raised(message) for what, message in MESSAGES.items()}
print("aurora-data-api", version("aurora-data-api"))
for what, kind in found.items():
    print(f"{what}: {kind.__name__}, an IntegrityError: {issubclass(kind, aurora_data_api.IntegrityError)}")
same = found["missing table"].__name__ == "ER_UNDEF_TABLE" and found["duplicate key"] is aurora_data_api.DatabaseError
raise SystemExit(None if same else "the behaviour has changed")
PY
env/bin/python raised.py
