"""A custom resource outside the VPC: invokes the migration function in the VPC and sends the outcome.

The migration function then needs no path to the internet, which the ResponseURL, an address of S3, would need.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from .custom_resource import ReportedError, respond

# Longer than the migration's own timeout (300) and shorter than that of this function (330), see blueprints/http_api.
SECONDS = 310


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Entry point for CloudFormation. The deletion of the stack does nothing: tables stay in the database."""
    return respond(event, context, _run)


def _run(event: Mapping[str, Any]) -> Mapping[str, Any]:
    if event.get("RequestType") == "Delete":
        return {}
    import boto3
    from botocore.config import Config

    # One attempt with a long timeout: a retry would only wait for the lock of the first call.
    once = Config(read_timeout=SECONDS, retries={"total_max_attempts": 1})
    client = boto3.client("lambda", region_name=os.environ["AWS_REGION"], config=once)
    answer = client.invoke(FunctionName=os.environ["MIGRATION_FUNCTION"], Payload=b"{}")
    if answer.get("FunctionError"):
        raise ReportedError(f"the migration did not end well; its log is {os.environ['MIGRATION_LOG']}")
    outcome = json.loads(answer["Payload"].read())
    if "failed" in outcome:
        raise ReportedError(f"the migration failed: {outcome['failed']}")
    return {"Applied": ",".join(outcome["applied"])}
