#!/usr/bin/env bash
# One would expect: the wheel of mysql-connector-python for Linux (manylinux_2_28) runs its extension in C on every Linux that pip accepts it for.
# What happens: the extension needs OpenSSL 3.2 of the system. With 3.0 (Debian 12, Ubuntu 22.04 and 24.04's 3.0.13) its import fails, which
#   mysql.connector catches: HAVE_CEXT is False, and connect() takes the connection in pure Python without a word.
# Why it matters: large results are read many times slower; use_pure=False raises "MySQL Connector/Python C Extension not available", which
#   names no reason; and a laptop and the image of production may run two different implementations of one version.
# Version and source: mysql-connector-python 26.10.0 (PyPI); mysql/connector/__init__.py. The recipe says so where OpenSSL is new enough.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check mysql-connector-python==26.10.0 2>/dev/null
cat > extension.py <<'PY'
import ssl

import mysql.connector

try:
    import _mysql_connector  # noqa: F401
    why = ""
except ImportError as error:
    why = str(error)
print(ssl.OPENSSL_VERSION, "HAVE_CEXT", mysql.connector.HAVE_CEXT, why[:60])
assert mysql.connector.HAVE_CEXT is not bool(why)
raise SystemExit(None if why or "3.0" not in ssl.OPENSSL_VERSION else "the behaviour has changed")
PY
env/bin/python extension.py
