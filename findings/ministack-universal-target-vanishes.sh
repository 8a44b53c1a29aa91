#!/usr/bin/env bash
# One would expect: a one-time EventBridge schedule whose target is an AWS API (a universal target, here
#   arn:aws:scheduler:::aws-sdk:cloudformation:deleteStack) calls it at its time, as the same emulator's Step Functions
#   call APIs by arn:aws:states:::aws-sdk:...; or CreateSchedule refuses it; or the event goes to the dead-letter queue.
# What happens: CreateSchedule accepts it. At its time no API is called, the dead-letter queue stays empty, and
#   ActionAfterCompletion DELETE removes the schedule as if it had run. The log says "cross-region invocation failed",
#   although one region is in use: a universal target's ARN has no region and no account, and so matches none.
# Why it matters: a test of "this stack deletes itself tomorrow" that looks at the schedule passes, and the stack stays. The
#   only trace sends the reader to look for a wrong region.
# Version and source: ministack 1.5.33 (PyPI), services/scheduler.py, services/eventbridge.py _target_matches_request_scope.
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
import datetime, sys, time
from importlib.metadata import version
import boto3

print("ministack", version("ministack"))
stacks, queues, schedules = boto3.client("cloudformation"), boto3.client("sqs"), boto3.client("scheduler")
stacks.create_stack(StackName="branch", TemplateBody='{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}')
addresses = {name: queues.create_queue(QueueName=name)["QueueUrl"] for name in ("messages", "dead-letters")}
arn = "arn:aws:sqs:eu-west-1:000000000000:"
soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=2)
for name, target, text in (
    ("api", "arn:aws:scheduler:::aws-sdk:cloudformation:deleteStack", '{"StackName": "branch"}'),
    ("queue", arn + "messages", "sent"),
):
    schedules.create_schedule(
        Name=name, ScheduleExpression=f"at({soon:%Y-%m-%dT%H:%M:%S})", FlexibleTimeWindow={"Mode": "OFF"}, ActionAfterCompletion="DELETE",
        Target={"Arn": target, "RoleArn": "arn:aws:iam::000000000000:role/schedules", "Input": text,
                "RetryPolicy": {"MaximumRetryAttempts": 0}, "DeadLetterConfig": {"Arn": arn + "dead-letters"}})


def left():
    return [schedule["Name"] for schedule in schedules.list_schedules()["Schedules"]]


print("schedules:", left())
end = time.monotonic() + 40  # it looks each 10 s
while left() and time.monotonic() < end:
    time.sleep(1)
time.sleep(2)
status = stacks.describe_stacks(StackName="branch")["Stacks"][0]["StackStatus"]
bodies = {name: [m["Body"] for m in queues.receive_message(QueueUrl=url).get("Messages", [])] for name, url in addresses.items()}
print("after their time: schedules:", left(), "stack:", status, "queues:", bodies)
ok = not left() and status == "CREATE_COMPLETE" and bodies == {"messages": ["sent"], "dead-letters": []}
sys.exit(0 if ok else "the behaviour has changed")
PYTHON
grep -o 'target arn:aws:scheduler.*' log || { echo "the behaviour has changed: another line in the log"; exit 1; }
