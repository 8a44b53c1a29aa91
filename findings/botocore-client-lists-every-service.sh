#!/usr/bin/env bash
# One would expect: a client reads the API model of its service, whose folder has the service's name, and nothing of other services.
# What happens: before it, botocore lists the folder of every other service, 433 of them, once for the model and once more for the rules of
#   its endpoints. Further clients of the same session list nothing; each new session begins again, also boto3.Session(region_name=...) in a loop.
# Why it matters: two thousand calls to the file system before the first request, about half of what making the first client costs; more on a cold
#   or remote disk. A program that makes a session for each account or region pays it each time.
# Version and source: botocore 1.43.106 (PyPI), loaders.py: load_service_model asks list_available_services, to have names for its error message.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check botocore==1.43.106 2>/dev/null
cat > listed.py <<'PY'
import sys

from botocore import __version__
from botocore.session import Session

listed: list[str] = []
sys.addaudithook(lambda event, given: listed.append(str(given[0])) if event == "os.listdir" else None)


def client(session: Session, service: str) -> int:
    """How many folders of services, other than its own, the making of the client lists."""
    listed.clear()
    session.create_client(service, region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
    return sum("/botocore/data/" in path and not path.endswith(f"/{service}") for path in listed)


print("botocore", __version__)
session = Session()
rows = [
    ("the first client (sts)", client(session, "sts")),
    ("the second client of the session (rds)", client(session, "rds")),
    ("the first client of another session (sts)", client(Session(), "sts")),
]
for name, count in rows:
    print(f"{name} lists {count} folders of other services")
(_, first), (_, second), (_, other) = rows
raise SystemExit(None if first > 800 and second == 0 and other == first else "the behaviour has changed")
PY
env/bin/python listed.py
