#!/usr/bin/env bash
# One would expect: a command of CloudWatch Logs Insights that an emulator does not know ends StartQuery with an error, or the query with the status
#   Failed, or gives no rows.
# What happens: the query is Complete. `stats`, `parse`, `dedup` and `pattern` are left out, so `stats count(*)` gives the log's own lines in place of a
#   count; a `filter` of another form than `like` or `=` lets every line through, also `not like` and a comparison with a parsed number.
# Why it matters: "parse the duration | filter duration > 1000", the way to a database's slow statements, finds all statements slow; a check such as
#   `filter @message not like /ERROR/` passes on the errors; and a number that was wanted is missing without an error.
# Version and source: ministack 1.5.33 (PyPI), services/cloudwatch_logs.py; the commands: CloudWatch Logs guide, Logs Insights query syntax.
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
import sys, time
from importlib.metadata import version
import boto3

print("ministack", version("ministack"))
logs = boto3.client("logs")
group = "/aws/rds/cluster/orders/postgresql"
logs.create_log_group(logGroupName=group)
logs.create_log_stream(logGroupName=group, logStreamName="writer")
now = int(time.time() * 1000)
lines = [f"duration: {number} ms statement {number % 3}" for number in (1, 20, 300, 4000)]
events = [{"timestamp": now - 9000 + number, "message": line} for number, line in enumerate(lines)]
logs.put_log_events(logGroupName=group, logStreamName="writer", logEvents=events)


def rows(query):
    query_id = logs.start_query(logGroupName=group, startTime=now // 1000 - 600, endTime=now // 1000 + 5, queryString=query)["queryId"]
    while (answer := logs.get_query_results(queryId=query_id))["status"] in ("Scheduled", "Running"):
        time.sleep(0.2)
    fields = sorted({field["field"] for row in answer["results"] for field in row} - {"@ptr"})
    print(f"{query!r}: {answer['status']}, {len(answer['results'])} rows, fields {fields}")
    return len(answer["results"])


print(len(lines), "lines:", lines)
known = rows("filter @message like /4000/"), rows("fields @message | limit 2")
unknown = [rows(query) for query in (
    "stats count(*) as n",
    "parse @message 'duration: * ms' as ms | filter ms > 1000",
    "filter @message not like /duration/",
    "parse @message 'statement *' as id | stats max(id)",
    "fields @message | filter strlen(@message) > 26",
)]
sys.exit(0 if known == (1, 2) and unknown == [len(lines)] * 5 else "the behaviour has changed")
PYTHON
