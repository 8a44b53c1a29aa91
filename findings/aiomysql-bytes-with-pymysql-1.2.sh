#!/usr/bin/env bash
# One would expect: aiomysql 0.3.2, which demands PyMySQL>=1.0 and is the newest of both that pip installs together, takes bytes as a parameter.
# What happens: TypeError: 'str' object is not callable. PyMySQL 1.2 replaced the function escape_bytes_prefixed, which aiomysql imports, by the
#   text "DO NOT IMPORT THIS!!!": the import works, so that nothing fails until the first binary value of a program is written.
# Why it matters: tests without a BLOB, a BINARY(16) key or a hash pass; the first upload in production fails. Pin PyMySQL<1.2.
# Version and source: aiomysql 0.3.2, PyMySQL 1.2.4 (PyPI); aiomysql/connection.py escape, pymysql/converters.py.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check aiomysql==0.3.2 pymysql==1.2.4 2>/dev/null
cat > escape.py <<'PY'
from types import SimpleNamespace

from aiomysql.connection import Connection

connection = SimpleNamespace(_charset="utf8mb4")  # without a server: escaping needs none
print("number:", Connection.escape(connection, 1.5))
try:
    print("bytes:", Connection.escape(connection, b"\x00\xff"))
except TypeError as error:
    print("bytes:", error)
    raise SystemExit(None)
raise SystemExit("the behaviour has changed")
PY
env/bin/python escape.py
