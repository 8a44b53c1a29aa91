#!/usr/bin/env bash
# One would expect: at(...) of a one-time schedule is read in its ScheduleExpressionTimezone, which GetSchedule gives back;
#   or an emulator that knows no time zones refuses the field.
# What happens: the zone is stored, given back and never used; the time is read as UTC. A schedule of Asia/Tokyo for two
#   seconds from now does not run for nine hours; one of America/Phoenix for three hours from now runs at once, and
#   ActionAfterCompletion DELETE removes it.
# Why it matters: "stop it at 20:00 our time" acts hours early west of Greenwich, during the working day, and a test that
#   waits for an eastern schedule waits in vain; in UTC, where most tests are written, all is well.
# Version and source: ministack 1.5.33 (PyPI), services/scheduler.py, _at_time_epoch.
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
queues, schedules = boto3.client("sqs"), boto3.client("scheduler")
address = queues.create_queue(QueueName="messages")["QueueUrl"]
now = datetime.datetime.now(datetime.timezone.utc)
# Both zones have no summer time: their hours from UTC are the same all year.
for name, zone, hours, due in (("utc", "UTC", 0, 2), ("tokyo", "Asia/Tokyo", 9, 2), ("phoenix", "America/Phoenix", -7, 3 * 3600)):
    local = now + datetime.timedelta(hours=hours, seconds=due)
    schedules.create_schedule(
        Name=name, ScheduleExpression=f"at({local:%Y-%m-%dT%H:%M:%S})", ScheduleExpressionTimezone=zone,
        FlexibleTimeWindow={"Mode": "OFF"}, ActionAfterCompletion="DELETE",
        Target={"Arn": "arn:aws:sqs:eu-west-1:000000000000:messages", "RoleArn": "arn:aws:iam::000000000000:role/schedules", "Input": name})
    stored = schedules.get_schedule(Name=name)
    print(f"{name:8} due in {due:5} s: {stored['ScheduleExpression']} {stored['ScheduleExpressionTimezone']}")
time.sleep(25)  # it looks each 10 s
came = sorted(m["Body"] for m in queues.receive_message(QueueUrl=address, MaxNumberOfMessages=10).get("Messages", []))
left = [schedule["Name"] for schedule in schedules.list_schedules()["Schedules"]]
print("after 25 s: run:", came, "not run:", left)
sys.exit(0 if came == ["phoenix", "utc"] and left == ["tokyo"] else "the behaviour has changed")
PYTHON
