#!/usr/bin/env bash
# One would expect: the waiter stack_rollback_complete (`aws cloudformation wait stack-rollback-complete`) ends when RollbackStack has done its
#   work, be it after a failed update or a failed creation: RollbackStack takes stacks in UPDATE_FAILED and in CREATE_FAILED.
# What happens: it knows the end of an update only. ROLLBACK_COMPLETE, the status of a creation that was rolled back, is neither success nor failure
#   to the waiter, and no more is DELETE_COMPLETE (RollbackStack's reference says that a stack without a stable state is deleted): it asks
#   120 times at 30 s and raises "Max attempts exceeded", an hour after all was done. ROLLBACK_FAILED is waited for in the same way.
# Why it matters: `create-stack --disable-rollback` keeps what failed so that it can be looked at; the script that then cleans up by rolling back
#   stands still for an hour and reports a failure that was none.
# Version and source: botocore 1.43.106 (PyPI), data/cloudformation/2010-05-15/waiters-2.json.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check botocore==1.43.106 2>/dev/null
cat > waits.py <<'PY'
from datetime import datetime
from importlib.metadata import version

from botocore.exceptions import WaiterError
from botocore.session import Session
from botocore.stub import Stubber


def waited(status):
    client = Session().create_client("cloudformation", region_name="eu-west-1", aws_access_key_id="none", aws_secret_access_key="none")
    waiter = client.get_waiter("stack_rollback_complete")
    stack = {"StackName": "orders", "CreationTime": datetime(2026, 1, 1), "StackStatus": status}
    asked = []
    client.meta.events.register("provide-client-params.cloudformation", lambda **_: asked.append(status))
    with Stubber(client) as stub:
        for _ in range(waiter.config.max_attempts):
            stub.add_response("describe_stacks", {"Stacks": [stack]})
        try:
            waiter.wait(StackName="orders", WaiterConfig={"Delay": 0})
            end = "success"
        except WaiterError as error:
            end = error.kwargs["reason"].split(".")[0]
    print(f"{status}: asked {len(asked)} times, with the waiter's {waiter.config.delay} s in between, then: {end}")
    return len(asked), end


print("botocore", version("botocore"))
found = [waited(status) for status in ("UPDATE_ROLLBACK_COMPLETE", "ROLLBACK_COMPLETE", "DELETE_COMPLETE", "ROLLBACK_FAILED")]
raise SystemExit(None if found == [(1, "success"), *[(120, "Max attempts exceeded")] * 3] else "the behaviour has changed")
PY
env/bin/python waits.py
