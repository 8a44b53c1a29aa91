#!/usr/bin/env bash
# One would expect: with endpoint_url (or AWS_ENDPOINT_URL) all calls of a client go to that address, as those to RDS and to the Data API do.
# What happens: StartLiveTail, which follows the log of a database, puts "stream-" before the host: of http://127.0.0.1:4566 it makes
#   http://stream-127.0.0.1:4566, a name that does not exist. DescribeLogGroups of the same client goes to the address itself, and so does FilterLogEvents.
#   The error says "Could not connect to the endpoint URL" with a host that is in no configuration. inject_host_prefix=False in botocore's Config is
#   what avoids it; the same client then reaches AWS no longer where the prefix is needed.
# Why it matters: `aws logs tail` works against an emulator, a proxy or a private endpoint, and `aws logs start-live-tail` does not; the failure looks
#   like a service that the emulator lacks or a network that is shut.
# Version and source: botocore 1.43.106 (PyPI), the hostPrefix of StartLiveTail in data/logs/2014-03-28/service-2.json.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check botocore==1.43.106 2>/dev/null
cat > hosts.py <<'PY'
from importlib.metadata import version

from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.session import Session

GROUP = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/rds/cluster/orders/postgresql"


def hosts(**options):
    asked = {}

    def answered(request, event_name, **_):  # answers in place of the network
        asked[event_name.rsplit(".", 1)[1]] = request.url
        return AWSResponse(request.url, 400, {}, type("Raw", (), {"stream": lambda *_: iter(()), "read": lambda *_: b""})())

    key = {"aws_access_key_id": "none", "aws_secret_access_key": "none"}
    client = Session().create_client("logs", region_name="eu-west-1", endpoint_url="http://127.0.0.1:4566", config=Config(**options), **key)
    client.meta.events.register("before-send.logs", answered)
    for call in (client.describe_log_groups, lambda: client.start_live_tail(logGroupIdentifiers=[GROUP])):
        try:
            call()
        except client.exceptions.ClientError:
            pass
    print(options or "default", asked)
    return asked


print("botocore", version("botocore"), "with endpoint_url http://127.0.0.1:4566")
default, without = hosts(), hosts(inject_host_prefix=False)
own = "http://127.0.0.1:4566/"
same = default == {"DescribeLogGroups": own, "StartLiveTail": "http://stream-127.0.0.1:4566/"} and set(without.values()) == {own}
raise SystemExit(None if same else "the behaviour has changed")
PY
env/bin/python hosts.py
