#!/usr/bin/env bash
# One would expect: a Sceptre stack whose configuration names neither stack_tags nor notifications leaves the stack's own alone, as UpdateStack does
#   when the request has no Tags and no NotificationARNs.
# What happens: Sceptre sends both as empty lists, and botocore serializes an empty list as an empty value, which the API's reference defines as
#   "remove all". The configuration that is silent and the one that orders removal send the same request.
# Why it matters: tags and topics of a stack that was made otherwise (console, CDK, StackSets, the cost department's script) are gone after the first
#   `sceptre update` or `launch`, and CloudFormation takes the tags from cluster, instances and secrets too; no line of the output says so.
# Version and source: sceptre 4.7.0, boto3 1.43.106 (PyPI), sceptre/plan/actions.py; Tags and NotificationARNs in the reference of UpdateStack.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check sceptre==4.7.0 boto3==1.43.106 2>/dev/null
mkdir config templates
printf 'project_code: shop\nregion: eu-west-1\n' > config/config.yaml
printf 'template:\n  path: orders.yaml\n' > config/orders.yaml
printf 'Resources:\n  Key:\n    Type: AWS::KMS::Key\n' > templates/orders.yaml
cat > sent.py <<'PY'
import os
import subprocess
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version

STACK = (
    "<Stacks><member><StackName>shop-orders</StackName><StackId>arn:aws:cloudformation:eu-west-1:123456789012:stack/shop-orders/1</StackId>"
    "<CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>UPDATE_COMPLETE</StackStatus>"
    "<Tags><member><Key>cost-center</Key><Value>4711</Value></member></Tags></member></Stacks>"
)
ANSWERS = {"DescribeStacks": STACK, "DescribeStackEvents": "<StackEvents></StackEvents>"}
sent = {}


class Stack(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = urllib.parse.parse_qs(body, keep_blank_values=True)
        action = form["Action"][0]
        if action == "UpdateStack":
            sent.update(form)
        answer = f"<{action}Response><{action}Result>{ANSWERS.get(action, '')}</{action}Result></{action}Response>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Stack)
threading.Thread(target=server.serve_forever, daemon=True).start()
settings = {
    **os.environ, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}", "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none",
}
done = subprocess.run(["env/bin/sceptre", "update", "--yes", "orders.yaml"], env=settings, capture_output=True, text=True)
print("sceptre", version("sceptre"), "update ended with", done.returncode)
print("the stack has the tag cost-center; the configuration names no tags; UpdateStack was sent with:")
print({key: value[0] for key, value in sent.items() if key.startswith(("Tags", "NotificationARNs"))})
print("the output speaks of tags:", "tag" in (done.stdout + done.stderr).lower())
raise SystemExit(None if sent.get("Tags") == [""] and sent.get("NotificationARNs") == [""] and done.returncode == 0 else "the behaviour has changed")
PY
env/bin/python sent.py
