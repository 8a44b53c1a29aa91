#!/usr/bin/env bash
# One would expect: the payload of a failed invocation has the exception's class as its errorType ("Throttled"), as Lambda's Python runtime gives it,
#   or nothing where an emulator does not know it.
# What happens: errorType is "Runtime.HandlerError" whatever the handler raised; the message is the exception's, the stack trace is there, and
#   X-Amz-Function-Error is set. No runtime of Lambda uses that name for an exception of the handler.
# Why it matters: Step Functions' `ErrorEquals`, a custom resource's caller and the retries of a client choose by errorType. In the emulator none
#   of the branches but the last one ever runs, and a test that passes there tests that one.
# Version and source: ministack 1.5.33 (PyPI), services/lambda_svc.py; the form of errors: "AWS Lambda function errors in Python" of Lambda's guide.
set -euo pipefail
folder=$(mktemp -d); server=""
trap '[ -z "$server" ] || { kill "$server"; wait "$server"; } 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check ministack==1.5.33 boto3==1.43.106 2>/dev/null
port=$(env/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
GATEWAY_PORT=$port BIND_HOST=127.0.0.1 DOCKER_HOST=unix:///nonexistent env/bin/ministack > log 2>&1 & server=$!
for _ in $(seq 150); do (: < "/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep 0.2; done
export AWS_ENDPOINT_URL="http://127.0.0.1:$port" AWS_REGION=eu-west-1 AWS_DEFAULT_REGION=eu-west-1
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
env/bin/python - <<'PYTHON'
import io, json, zipfile
from importlib.metadata import version
import boto3

SOURCE = """
class Throttled(Exception):
    pass

def handler(event, context):
    raise {"own": Throttled, "builtin": KeyError}[event]("orders")
"""
print("ministack", version("ministack"))
package = io.BytesIO()
with zipfile.ZipFile(package, "w") as archive:
    archive.writestr("app.py", SOURCE)
functions = boto3.client("lambda")
functions.create_function(
    FunctionName="fails", Runtime="python3.12", Handler="app.handler", Role="arn:aws:iam::000000000000:role/function",
    Code={"ZipFile": package.getvalue()},
)
kinds = []
for event in ("own", "builtin"):
    answer = functions.invoke(FunctionName="fails", Payload=json.dumps(event))
    payload = json.loads(answer["Payload"].read())
    kinds.append(payload["errorType"])
    print(f"{event}: FunctionError {answer['FunctionError']}, errorType {payload['errorType']}, errorMessage {payload['errorMessage']}")
raise SystemExit(None if kinds == ["Runtime.HandlerError"] * 2 else "the behaviour has changed")
PYTHON
