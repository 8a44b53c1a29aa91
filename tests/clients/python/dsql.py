"""Where the DSQL cluster is: its name, the address behind the name, and the authority of its certificate."""

from __future__ import annotations

import os

NAME = os.environ.get("DSQL_NAME", "")
ADDRESS = os.environ.get("DSQL_ADDRESS", "")
PORT = int(os.environ.get("DSQL_PORT", "5432"))
REGION = os.environ.get("AWS_REGION", "eu-west-1")
AUTHORITY = os.environ.get("LOCAL_CA", "")
LIBPQ = {
    "host": NAME,
    "hostaddr": ADDRESS,
    "port": PORT,
    "user": "admin",
    "sslmode": "verify-full",
    "sslrootcert": AUTHORITY,
}
"""libpq connects to `hostaddr` and verifies `host`, which is all that AWS's connectors read."""
