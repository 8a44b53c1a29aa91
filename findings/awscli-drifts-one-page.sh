#!/usr/bin/env bash
# One would expect: the AWS CLI reads all pages of an answer by itself, as it does for stacks, events, resources and change sets, unless it is
#   called with --no-paginate.
# What happens: `cloudformation describe-stack-resource-drifts` reads one page, of at most 100 resources, and prints its NextToken as one more
#   key. botocore describes no paginator for this operation, so `get_paginator` raises in boto3 too. Performance Insights has none for its metrics
#   (pi GetResourceMetrics), Secrets Manager none for BatchGetSecretValue.
# Why it matters: `--query 'StackResourceDrifts[]...'`, which cuts the NextToken away, reports a stack of 150 resources whose last 50 have
#   drifted as in sync. The summary of detect-stack-drift counts all of them.
# Version and source: awscli 1.46.3 with its botocore (PyPI); data/cloudformation/2010-05-15/paginators-1.json.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check awscli==1.46.3 2>/dev/null
cat > pages.py <<'PY'
import json
import os
import subprocess
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, HTTPServer

RESOURCE = "<member><StackId>s</StackId><LogicalResourceId>{name}</LogicalResourceId><ResourceType>AWS::RDS::DBInstance</ResourceType>"
DRIFT = RESOURCE + "<StackResourceDriftStatus>{state}</StackResourceDriftStatus><Timestamp>2026-01-01T00:00:00Z</Timestamp></member>"
SUMMARY = RESOURCE + "<ResourceStatus>CREATE_COMPLETE</ResourceStatus><LastUpdatedTimestamp>2026-01-01T00:00:00Z</LastUpdatedTimestamp></member>"
LISTS = {"DescribeStackResourceDrifts": ("StackResourceDrifts", DRIFT), "ListStackResources": ("StackResourceSummaries", SUMMARY)}
asked = []


class TwoPages(BaseHTTPRequestHandler):
    def do_POST(self):
        form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        action, last = form["Action"][0], "NextToken" in form
        asked.append(action)
        key, row = LISTS[action]
        rows = row.format(name="Reader" if last else "Writer", state="MODIFIED" if last else "IN_SYNC")
        more = "" if last else "<NextToken>two</NextToken>"
        body = f"<{action}Response><{action}Result><{key}>{rows}</{key}>{more}</{action}Result></{action}Response>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), TwoPages)
threading.Thread(target=server.serve_forever, daemon=True).start()
settings = {
    **os.environ, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}", "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none",
}
aws = lambda *words: subprocess.run(["env/bin/aws", *words], env=settings, check=True, capture_output=True, text=True)
print(aws("--version").stdout.split()[0])
found = {}
for command, key in (("list-stack-resources", "StackResourceSummaries"), ("describe-stack-resource-drifts", "StackResourceDrifts")):
    asked.clear()
    answer = json.loads(aws("cloudformation", command, "--stack-name", "orders", "--output", "json").stdout)
    found[command] = [row["LogicalResourceId"] for row in answer[key]]
    print(f"{command}: {len(asked)} of 2 pages read, {found[command]}, NextToken {answer.get('NextToken')}")
same = found == {"list-stack-resources": ["Writer", "Reader"], "describe-stack-resource-drifts": ["Writer"]}
raise SystemExit(None if same else "the behaviour has changed")
PY
env/bin/python pages.py
