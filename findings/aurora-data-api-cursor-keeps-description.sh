#!/usr/bin/env bash
# One would expect: cursor.description and cursor.rowcount describe the last statement; PEP 249 wants None as the description of one without rows.
# What happens: both stay from the statement before. After an INSERT the description is the earlier SELECT's; after executemany rowcount is too, and
#   fetchall gives that SELECT's rows. Where the new result is above 1 MiB, its values are even converted by the old columns' types: a text column
#   in the place of a date column comes as datetime.date, or raises ValueError "time data ... does not match format" in the middle of the rows.
# Why it matters: `if cursor.description:` is how scripts ask whether there are rows; and the same two statements work while the table is small.
# Version and source: aurora-data-api 0.5.0 (PyPI), execute, executemany and __iter__ of its cursor. A cursor for each statement avoids it.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check aurora-data-api==0.5.0 2>/dev/null
cat > keeps.py <<'PY'
from importlib.metadata import version
from types import SimpleNamespace

import aurora_data_api


class BadRequest(Exception):
    pass


class Api:
    """The Data API with two tables: people (id, born date), small, and notes (id, said text), above 1 MiB when `large`."""

    exceptions = SimpleNamespace(BadRequestException=BadRequest, DatabaseErrorException=type("DatabaseError", (Exception,), {}))

    def __init__(self, large):
        self.large = large
        self.pages = [[("longValue", 1), ("stringValue", "2026-11-29")]]

    def begin_transaction(self, **_):
        return {"transactionId": "t"}

    def batch_execute_statement(self, parameterSets, **_):
        return {"updateResults": [{} for _ in parameterSets]}

    def execute_statement(self, sql, **_):
        if sql.startswith("select id, born"):
            return self.rows(("born", "date"), [[("longValue", 1), ("stringValue", "1990-01-01")]])
        if sql.startswith("FETCH"):
            return self.rows(("said", "text"), [self.pages.pop()] if self.pages else [])
        if sql.startswith("select id, said"):
            if self.large:
                raise BadRequest("Database returned more than the allowed response size limit")
            return self.rows(("said", "text"), self.pages)
        return {"numberOfRecordsUpdated": 1}

    def rows(self, second, rows):
        metadata = [{"name": name, "typeName": kind} for name, kind in (("id", "int4"), second)]
        return {"columnMetadata": metadata, "records": [[dict([pair]) for pair in row] for row in rows]}


def cursor(large=False):
    made = aurora_data_api.connect(aurora_cluster_arn="cluster", secret_arn="secret", rds_data_client=Api(large)).cursor()
    made.execute("select id, born from people")
    return made


def described(used):
    return used.description and [column.name for column in used.description]


print("aurora-data-api", version("aurora-data-api"), "- each line after `select id, born from people` on the same cursor")
used = cursor()
used.execute("insert into people values (2, null)")
inserted = described(used)
print("insert: description", inserted, "rowcount", used.rowcount)
used = cursor()
used.executemany("insert into people values (:id, null)", [{"id": key} for key in range(5)])
many = described(used), used.rowcount, len(used.fetchall())
print("executemany of 5 rows: description", many[0], "rowcount", many[1], "rows to fetch", many[2])
read = {}
for size in ("small", "large"):
    used = cursor(size == "large")
    used.execute("select id, said from notes")
    read[size] = type(used.fetchone()[1]).__name__, described(used)
    print(f"select id, said from notes, {size}: the text comes as", read[size][0], "- description", read[size][1])
found = inserted, many, read["small"], read["large"]
expected = ["id", "born"], (["id", "born"], 1, 1), ("str", ["id", "said"]), ("date", ["id", "born"])
raise SystemExit(None if found == expected else "the behaviour has changed")
PY
env/bin/python keeps.py
