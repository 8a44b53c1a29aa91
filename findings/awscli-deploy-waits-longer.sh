#!/usr/bin/env bash
# One would expect: `aws cloudformation deploy` of a stack that is done in two seconds looks at the stack as often as at its
#   change set, each 5 s, and returns soon after; or the interval can be set, in the configuration or by an option, as boto3's.
# What happens: it asks for the change set each 5 s (the waiter's model says 30, deploy overrides it), but for the stack
#   immediately and then each 30 s, a number that is written in its code. No option and no setting changes it.
# Why it matters: against a laptop's emulator or in a pipeline of small stacks nearly all of the time is this wait: here
#   about 30 s for 2 s of work, for every stack. It is taken for the slowness of the emulator or of CloudFormation.
# Version and source: awscli 1.46.3 (PyPI), awscli/customizations/cloudformation/deployer.py, wait_for_execute.
set -euo pipefail
folder=$(mktemp -d); server=""
trap '[ -z "$server" ] || { kill "$server"; wait "$server"; } 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check awscli==1.46.3 2>/dev/null
cat > server.py <<'PYTHON'
"""Enough of CloudFormation for one new stack: its change set and the stack are each done 2 s after they were asked for."""
import http.server, pathlib, time, urllib.parse

begun = time.monotonic()
times = {}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        action, now, code = body["Action"][0], time.monotonic() - begun, 200
        times.setdefault(action, now)

        def state(after, word):
            return word + ("_COMPLETE" if now - times[after] >= 2 else "_IN_PROGRESS")

        if action == "CreateChangeSet":
            result = "<Id>arn:aws:cloudformation:eu-west-1:000000000000:changeSet/c/1</Id><StackId>arn:aws:cloudformation:eu-west-1:000000000000:stack/s/1</StackId>"
        elif action == "DescribeChangeSet":
            result = f"<Status>{state('CreateChangeSet', 'CREATE')}</Status>"
        elif action == "DescribeStacks" and "ExecuteChangeSet" in times:
            result = (f"<Stacks><member><StackName>s</StackName><CreationTime>2026-01-01T00:00:00Z</CreationTime>"
                      f"<StackStatus>{state('ExecuteChangeSet', 'CREATE')}</StackStatus></member></Stacks>")
        elif action == "DescribeStacks":
            code, result = 400, ""
        else:
            result = ""
        xml = f"<{action}Response><{action}Result>{result}</{action}Result></{action}Response>"
        if code == 400:
            xml = "<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id s does not exist</Message></Error></ErrorResponse>"
        with open("requests", "a") as log:
            print(f"{now:.1f}", action, *(word for word in ("IN_PROGRESS", "COMPLETE") if word in result), file=log)
        self.send_response(code)
        self.send_header("Content-Length", str(len(xml)))
        self.end_headers()
        self.wfile.write(xml.encode())

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
pathlib.Path("port").write_text(str(server.server_port))
server.serve_forever()
PYTHON
touch requests
env/bin/python server.py & server=$!
for _ in $(seq 50); do [ -s port ] && break; sleep 0.1; done
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_EC2_METADATA_DISABLED=true
echo '{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}' > template.json
env/bin/aws --version
env/bin/aws cloudformation deploy --region eu-west-1 --endpoint-url "http://127.0.0.1:$(cat port)" --stack-name s --template-file template.json
echo "seconds, request, answer:"; cat requests
env/bin/python - <<'PYTHON'
import sys

lines = [line.split() for line in open("requests")]
executed = next(i for i, line in enumerate(lines) if line[1] == "ExecuteChangeSet")


def gap(action, part):
    seconds = [float(line[0]) for line in part if line[1] == action]
    return seconds[1] - seconds[0]


plan, stack = gap("DescribeChangeSet", lines[:executed]), gap("DescribeStacks", lines[executed:])
print(f"between two looks: the change set {plan:.0f} s, the stack {stack:.0f} s")
sys.exit(0 if 4 < plan < 8 and stack > 28 else "the behaviour has changed")
PYTHON
