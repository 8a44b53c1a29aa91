#!/usr/bin/env bash
# One would expect: `aws rds wait db-snapshot-completed` fails for a snapshot that RDS does not know, as `db-snapshot-available` does, and as
#   `db-cluster-snapshot-available` does for an unknown snapshot of a cluster.
# What happens: it ends at once with exit code 0. Its model takes the error DBSnapshotNotFound for success. The snapshots of an Aurora cluster are
#   answered by another API, so for RDS none of them is a DB snapshot: this waiter "completes" while they are being made, or were never begun.
# Why it matters: "create the snapshot, wait, delete the cluster" deletes with no snapshot to return to; so does a mistyped name or the wrong
#   region. db-snapshot-completed also waits for 10 minutes only, the others for 30, so it looks like the strict one of the two names.
# Version and source: awscli 1.46.3 with its botocore (PyPI); DBSnapshotCompleted in data/rds/2014-10-31/waiters-2.json. boto3's waiter is the same.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check awscli==1.46.3 2>/dev/null
cat > waits.py <<'PY'
import os
import subprocess
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version

NOT_FOUND = {"DescribeDBSnapshots": "DBSnapshotNotFound", "DescribeDBClusterSnapshots": "DBClusterSnapshotNotFoundFault"}
asked = []


class Rds(BaseHTTPRequestHandler):
    """RDS without any snapshot."""

    def do_POST(self):
        action = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())["Action"][0]
        asked.append(action)
        error = f"<ErrorResponse><Error><Type>Sender</Type><Code>{NOT_FOUND[action]}</Code><Message>not found</Message></Error></ErrorResponse>"
        self.send_response(404)
        self.send_header("Content-Type", "text/xml")
        self.end_headers()
        self.wfile.write(error.encode())

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Rds)
threading.Thread(target=server.serve_forever, daemon=True).start()
settings = {
    **os.environ, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}", "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none",
}


def waited(waiter, option):
    command = ["env/bin/aws", "rds", "wait", waiter, option, "orders-before-upgrade"]
    done = subprocess.run(command, env=settings, capture_output=True, text=True)
    print(f"wait {waiter}: {asked[-1]} asked {len(asked)} time, exit code {done.returncode}", done.stderr.strip().split(": ")[0])
    asked.clear()
    return done.returncode


print("awscli", version("awscli"))
found = [
    waited("db-snapshot-completed", "--db-snapshot-identifier"),
    waited("db-snapshot-available", "--db-snapshot-identifier"),
    waited("db-cluster-snapshot-available", "--db-cluster-snapshot-identifier"),
]
raise SystemExit(None if found == [0, 255, 255] else "the behaviour has changed")
PY
env/bin/python waits.py
