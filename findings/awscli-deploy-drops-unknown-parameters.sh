#!/usr/bin/env bash
# One would expect: `aws cloudformation deploy --parameter-overrides MaxCapcity=16`, with a name that the template does not have, ends with an error,
#   as create-stack, update-stack and create-change-set do: "Parameters: [MaxCapcity] do not exist in the template".
# What happens: the override is left out and nothing is said. deploy goes through the template's parameters and looks for each of them in the
#   overrides; the rest is never looked at. The request asks for the previous value of MaxCapacity, and the exit code is 0. (Where the template
#   has no other change, "No changes to deploy" is the only trace.)
# Why it matters: a mistyped name, or one of a parameter that was renamed in the template, deploys the old value: of a capacity, of an engine version,
#   of a retention. Every pipeline that calls deploy reports success. Only a comparison with the stack's parameters afterwards shows it.
# Version and source: awscli 1.46.3 (PyPI), merge_parameters in awscli/customizations/cloudformation/deploy.py.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check awscli==1.46.3 2>/dev/null
cat > overrides.py <<'PY'
import json
import os
import pathlib
import subprocess
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, HTTPServer

STACK = ("<Stacks><member><StackName>orders</StackName><CreationTime>2026-01-01T00:00:00Z</CreationTime>"
         "<StackStatus>CREATE_COMPLETE</StackStatus></member></Stacks>")
PARAMETERS = "".join(f"<member><ParameterKey>{name}</ParameterKey></member>" for name in ("MinCapacity", "MaxCapacity"))
ANSWERS = {
    "DescribeStacks": STACK, "GetTemplateSummary": f"<Parameters>{PARAMETERS}</Parameters>",
    "CreateChangeSet": "<Id>change</Id><StackId>stack</StackId>", "DescribeChangeSet": "<Status>CREATE_COMPLETE</Status>",
}
requests = []


class CloudFormation(BaseHTTPRequestHandler):
    def do_POST(self):
        form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        action = form["Action"][0]
        requests.append(form)
        body = f"<{action}Response><{action}Result>{ANSWERS[action]}</{action}Result></{action}Response>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), CloudFormation)
threading.Thread(target=server.serve_forever, daemon=True).start()
settings = {
    **os.environ, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}", "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none", "AWS_EC2_METADATA_DISABLED": "true",
}
parameters = {name: {"Type": "Number"} for name in ("MinCapacity", "MaxCapacity")}
pathlib.Path("template.json").write_text(json.dumps({"Parameters": parameters, "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}))
command = ["env/bin/aws", "cloudformation", "deploy", "--stack-name", "orders", "--template-file", "template.json", "--no-execute-changeset"]
print(subprocess.run(["env/bin/aws", "--version"], capture_output=True, text=True).stdout.split()[0])
found = {}
for override in ("MaxCapacity=16", "MaxCapcity=16"):
    requests.clear()
    ran = subprocess.run([*command, "--parameter-overrides", override], env=settings, capture_output=True, text=True)
    form, = (form for form in requests if form["Action"] == ["CreateChangeSet"])
    sent = {}
    for number in (1, 2):
        row = {key.rpartition(".")[2]: value[0] for key, value in form.items() if key.startswith(f"Parameters.member.{number}.")}
        sent[row.pop("ParameterKey")] = row
    named = "MaxCapcity" in ran.stdout + ran.stderr
    print(f"{override}: exit code {ran.returncode}, named in the output: {named}, sent: {sent}")
    found[override] = (ran.returncode, named, sent["MaxCapacity"])
same = found == {"MaxCapacity=16": (0, False, {"ParameterValue": "16"}), "MaxCapcity=16": (0, False, {"UsePreviousValue": "true"})}
raise SystemExit(None if same else "the behaviour has changed")
PY
env/bin/python overrides.py
