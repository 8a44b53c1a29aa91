#!/usr/bin/env bash
# One would expect: executemany raises the DB-API's errors as execute does; PEP 249 knows one family of exceptions for both.
# What happens: a refused row of executemany comes as botocore's DatabaseErrorException, which is no aurora_data_api.Error. The driver translates
#   both exceptions of the Data API in execute and only BadRequestException in executemany, and Serverless v2 answers with the other one.
# Why it matters: `except DatabaseError` around a bulk insert catches nothing, and SQLAlchemy, which knows its driver by that family, wraps
#   nothing either: no IntegrityError, no message with the statement. The same row sent by execute is caught, also in the tests.
# Version and source: aurora-data-api 0.5.0 (PyPI), its executemany; the exceptions of the Data API are in boto3's model of rds-data.
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
MESSAGE = 'ERROR: duplicate key value violates unique constraint "orders_pkey"\n  Detail: Key (id)=(1) already exists.; SQLState: 23505'
INSERT = "insert into orders (id) values (:id)"


def raised(operation, run):
    client = boto3.client("rds-data", region_name="eu-west-1", aws_access_key_id="none", aws_secret_access_key="none")
    with Stubber(client) as stub:
        stub.add_response("begin_transaction", {"transactionId": "one"})
        stub.add_client_error(operation, "DatabaseErrorException", MESSAGE)
        connection = aurora_data_api.connect(aurora_cluster_arn=CLUSTER, secret_arn=SECRET, database="orders", rds_data_client=client)
        try:
            run(connection.cursor())
        except Exception as error:
            return error


one = raised("execute_statement", lambda cursor: cursor.execute(INSERT, {"id": 1}))
many = raised("batch_execute_statement", lambda cursor: cursor.executemany(INSERT, [{"id": 1}, {"id": 2}]))
print("aurora-data-api", version("aurora-data-api"))
for what, error in {"execute": one, "executemany": many}.items():
    print(f"{what}: {type(error).__module__}.{type(error).__name__}, an aurora_data_api.Error: {isinstance(error, aurora_data_api.Error)}")
same = isinstance(one, aurora_data_api.DatabaseError) and type(many).__name__ == "DatabaseErrorException" and not isinstance(many, aurora_data_api.Error)
raise SystemExit(None if same else "the behaviour has changed")
PY
env/bin/python raised.py
