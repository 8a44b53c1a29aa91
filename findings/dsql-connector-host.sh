#!/usr/bin/env bash
# One would expect: AWS's Python connector for Aurora DSQL takes the same host in both of its documented forms, as a
#   keyword (host=...) and in a connection URL.
# What happens: as a keyword, any host without ".dsql" is taken for a cluster id and silently becomes
#   <host>.dsql.<region>.on.aws, also "localhost", an IP address and the name of a VPC endpoint or tunnel; in a URL with a
#   scheme the very same host is used as it is. The Node.js connector decides by a dot instead.
# Why it matters: a tunnel, a proxy, a private DNS name or a local double is reachable through the URL only; the keyword
#   form fails with a name that was not written anywhere, and the token is signed for that name.
# Version and source: aurora-dsql-python-connector 0.2.7 (PyPI), dsql_core/connection_properties.py, _is_cluster_id.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'aurora-dsql-python-connector==0.2.7' 'boto3==1.44.8' 2>/dev/null
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version
import sys
from dsql_core.connection_properties import ConnectionProperties

print("aurora-dsql-python-connector", version("aurora-dsql-python-connector"))
failed = False
for host in ("127.0.0.1", "localhost", "db.internal.example"):
    given = ConnectionProperties.parse_properties(None, {"host": host, "region": "eu-west-1"})[1]["host"]
    url = f"postgresql://{host}/postgres?user=admin&region=eu-west-1"
    parsed = ConnectionProperties.parse_properties(url, {})[1]["host"]
    print(f"host={host!r:24} keyword -> {given!r:44} URL -> {parsed!r}")
    failed |= given != f"{host}.dsql.eu-west-1.on.aws" or parsed != host
sys.exit("the behaviour has changed" if failed else 0)
PYTHON
