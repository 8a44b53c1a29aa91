"""A CloudFormation endpoint on loopback: boto3 speaks to it as to AWS, the in-memory fake answers.

It also knows enough of STS and SSM for a whole command; what other services say is put into `answers`. `actions` lists
every call that came over the wire, and `heard` gets each once it is carried out and not answered yet.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aurora_cfn.errors import AwsError
from aurora_cfn.model.change_set import ChangeSet, ChangeSetRequest, ImportedResource
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.stack import Stack, stack_name_of
from tests.fakes.cloudformation import ACCOUNT, FakeCloudFormation
from tests.fakes.refactors import FakeStackRefactors
from tests.scripted.refactors import ACTIONS, refactor_answer
from tests.scripted.s3 import S3
from tests.scripted.stores import Stores
from tests.scripted.tokens import Tokens
from tests.scripted.wire import answer, form, refusal, rows, texts

Fields = Mapping[str, str]
PAGE = 100
FUNCTIONS = "/2015-03-31/functions/"


class Endpoint:
    """The server's state: the fake behind it, parameters of SSM, and what was called."""

    def __init__(self, cfn: FakeCloudFormation) -> None:
        self.cfn = cfn
        self.ssm: dict[str, str] = {}
        self.account = ACCOUNT
        self.partition = "aws"
        self.actions: list[str] = []
        self.listings = 0
        """How often all stacks were listed."""
        self.refusals: dict[str, list[tuple[str, str]]] = {}
        self.answers: dict[str, dict[str, Any]] = {}
        self.skipped: list[str] = []
        self.protected: set[str] = set()
        self.importers: dict[str, list[str]] = {}
        self.url = ""
        self.heard: Callable[[str], None] = lambda action: None
        self.mute: list[str] = []
        """Actions that are carried out and never answered, each as often as it stands here."""
        self.code: dict[str, str] = {}
        """CodeSha256 of functions by name."""
        self.stores = Stores()
        self.tokens = Tokens()
        self.roles: list[tuple[str, str]] = []
        self.s3 = S3()
        self.refactors = FakeStackRefactors(cfn)
        cfn.fetch = self.s3.read

    def call(self, action: str, fields: Fields) -> str:
        """The answer in XML. Raises AwsError where AWS would refuse."""
        handlers: dict[str, Callable[[Fields], dict[str, Any]]] = {
            "DescribeStacks": self._describe_stacks,
            "CreateChangeSet": self._create_change_set,
            "DescribeChangeSet": lambda row: _change_set(self.cfn.change_set(row["ChangeSetName"])),
            "ListChangeSets": lambda row: {"Summaries": [_summary(s) for s in self.cfn.change_sets(row["StackName"])]},
            "ExecuteChangeSet": self._execute,
            "DeleteChangeSet": self._delete_change_set,
            "DeleteStack": self._delete_stack,
            "DescribeStackEvents": self._events,
            "DescribeEvents": self._failures,
            "ListStackResources": self._resources,
            "GetTemplate": lambda row: {"TemplateBody": self.cfn.template(row["StackName"])},
            "UpdateTerminationProtection": self._protect,
            "ContinueUpdateRollback": self._continue_rollback,
            "RollbackStack": self._roll_back,
            "CancelUpdateStack": self._cancel,
            "ListImports": self._imports,
            "GetStackPolicy": lambda row: {"StackPolicyBody": self.cfn.stack_policy(row["StackName"]) or None},
            "SetStackPolicy": self._set_policy,
            "DescribeDBClusters": lambda row: {"DBClusters": self._databases("DBCluster", row)},
            "DescribeDBInstances": lambda row: {"DBInstances": self._databases("DBInstance", row)},
            "AssumeRole": self.tokens.assume,
            "GetCallerIdentity": self._caller,
        }
        if action == "ExportClientVpnClientConfiguration":
            return self.stores.export(fields["ClientVpnEndpointId"])
        if action in self.answers:
            return answer(action, self.answers[action])
        if action in ACTIONS:
            return answer(action, refactor_answer(self.refactors, action, fields))
        if action not in handlers:
            raise AwsError(f"Unknown action: {action}", code="InvalidAction")
        return answer(action, handlers[action](fields))

    def _caller(self, _: Fields) -> dict[str, Any]:
        return {"Account": self.account, "Arn": f"arn:{self.partition}:iam::{self.account}:user/me"}

    def _describe_stacks(self, fields: Fields) -> dict[str, Any]:
        if "StackName" not in fields:
            self.listings += 1
            return {"Stacks": [_stack(found) for found in self.cfn.root_stacks()]}
        name = fields["StackName"]
        found = self.cfn.stack(name)
        if found is None:
            raise AwsError(f"Stack with id {name} does not exist", code="ValidationError")
        return {"Stacks": [_stack(found)]}

    def _create_change_set(self, fields: Fields) -> dict[str, Any]:
        request = ChangeSetRequest(
            fields["StackName"],
            fields["ChangeSetName"],
            fields["ChangeSetType"],  # type: ignore[arg-type]
            fields.get("TemplateBody", ""),
            fields.get("TemplateURL", ""),
            parameters=self._parameters(fields),
            previous_template=fields.get("UsePreviousTemplate") == "true",
            revert_drift=fields.get("DeploymentMode") == "REVERT_DRIFT",
            imports=tuple(_import(row) for row in rows(fields, "ResourcesToImport")),
            tags={row["Key"]: row["Value"] for row in rows(fields, "Tags")},
            capabilities=tuple(texts(fields, "Capabilities")),
            role_arn=fields.get("RoleARN"),
            notification_arns=tuple(texts(fields, "NotificationARNs")),
            description=fields.get("Description", ""),
            on_failure=fields.get("OnStackFailure", ""),
            express=fields.get("DeploymentConfig.Mode") == "EXPRESS",
            disable_rollback=fields.get("DeploymentConfig.DisableRollback") == "true",
        )
        created = self.cfn.create_change_set(request)
        return {"Id": created.arn, "StackId": created.stack_arn}

    def _parameters(self, fields: Fields) -> dict[str, str]:
        found = self.cfn.stack(fields["StackName"]) if "true" in fields.values() else None
        old = found.parameters if found else {}
        given = rows(fields, "Parameters")
        return {row["ParameterKey"]: row.get("ParameterValue", old.get(row["ParameterKey"], "")) for row in given}

    def _execute(self, fields: Fields) -> dict[str, Any]:
        keep = fields["DisableRollback"] == "true" if "DisableRollback" in fields else None
        token = fields.get("ClientRequestToken", "")
        self.cfn.execute_change_set(fields["ChangeSetName"], token=token, disable_rollback=keep)
        return {}

    def _delete_change_set(self, fields: Fields) -> dict[str, Any]:
        self.cfn.delete_change_set(fields["ChangeSetName"])
        return {}

    def _delete_stack(self, fields: Fields) -> dict[str, Any]:
        token = fields.get("ClientRequestToken", "")
        self.cfn.delete_stack(fields["StackName"], token=token, retain=texts(fields, "RetainResources"))
        return {}

    def _events(self, fields: Fields) -> dict[str, Any]:
        newest_first = list(self.cfn.events(fields["StackName"]))[::-1]
        start = int(fields.get("NextToken", "0"))
        token = str(start + PAGE) if start + PAGE < len(newest_first) else None
        return {"StackEvents": [_event(row) for row in newest_first[start : start + PAGE]], "NextToken": token}

    def _failures(self, fields: Fields) -> dict[str, Any]:
        if "OperationId" in fields:
            failed = self.cfn.operation_failures(fields["OperationId"])
            return {"OperationEvents": [_operation_event(row) for row in failed]}
        failures = self.cfn.validation_failures(fields["ChangeSetName"])
        found = [
            {
                "EventId": f"v{number}",
                "EventType": "VALIDATION_ERROR",
                "Timestamp": self.cfn.clock.now(),
                "ValidationPath": row.path,
                "ValidationStatusReason": row.reason,
                "ValidationFailureMode": row.mode,
            }
            for number, row in enumerate(failures)
        ]
        return {"OperationEvents": found}

    def _resources(self, fields: Fields) -> dict[str, Any]:
        found = [
            {
                "LogicalResourceId": row.logical_id,
                "PhysicalResourceId": row.physical_id or None,
                "ResourceType": row.type,
                "ResourceStatus": row.status,
                "LastUpdatedTimestamp": self.cfn.clock.now(),
            }
            for row in self.cfn.resources(fields["StackName"])
        ]
        return {"StackResourceSummaries": found}

    def _continue_rollback(self, fields: Fields) -> dict[str, Any]:
        self.skipped += texts(fields, "ResourcesToSkip")
        token = fields.get("ClientRequestToken", "")
        self.cfn.continue_rollback(fields["StackName"], token=token, skip=self.skipped)
        return {}

    def _roll_back(self, fields: Fields) -> dict[str, Any]:
        self.cfn.roll_back(fields["StackName"], token=fields.get("ClientRequestToken", ""))
        return {"StackId": fields["StackName"]}

    def _cancel(self, fields: Fields) -> dict[str, Any]:
        self.cfn.cancel_update(fields["StackName"], token=fields.get("ClientRequestToken", ""))
        return {}

    def _set_policy(self, fields: Fields) -> dict[str, Any]:
        self.cfn.set_stack_policy(fields["StackName"], fields["StackPolicyBody"])
        return {}

    def _imports(self, fields: Fields) -> dict[str, Any]:
        found = self.importers.get(fields["ExportName"])
        if not found:
            raise AwsError(f"Export '{fields['ExportName']}' is not imported by any stack.", code="ValidationError")
        return {"Imports": found}

    def _databases(self, noun: str, fields: Fields) -> list[dict[str, Any]]:
        name = fields[f"{noun}Identifier"]
        row = {
            f"{noun}Identifier": name,
            f"{noun}Arn": f"arn:aws:rds:eu-west-1:{ACCOUNT}:x:{name}",
            ("Status" if noun == "DBCluster" else "DBInstanceStatus"): "available",
        }
        more = {"Engine": "aurora-postgresql", "EngineVersion": "17.5", "DeletionProtection": name in self.protected}
        return [row | more]

    def _protect(self, fields: Fields) -> dict[str, Any]:
        self.cfn.set_protection(fields["StackName"], on=fields["EnableTerminationProtection"] == "true")
        return {"StackId": fields["StackName"]}


def _import(row: Fields) -> ImportedResource:
    pair = {row[f"ResourceIdentifier.entry.{n}.key"]: row[f"ResourceIdentifier.entry.{n}.value"] for n in (1,)}
    return ImportedResource(row["LogicalResourceId"], row["ResourceType"], pair)


def _stack(row: Stack) -> dict[str, Any]:
    return {
        "StackId": row.arn,
        "StackName": row.name,
        "StackStatus": row.status,
        "StackStatusReason": row.reason or None,
        "ChangeSetId": row.change_set_arn or None,
        "LastOperations": [{"OperationType": "UPDATE_STACK", "OperationId": name} for name in row.operations],
        "CreationTime": row.created,
        "LastUpdatedTime": row.updated,
        "EnableTerminationProtection": row.protected,
        "RoleARN": row.role_arn,
        "ParentId": row.parent or None,
        "NotificationARNs": list(row.notification_arns),
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in row.parameters.items()],
        "Tags": [{"Key": key, "Value": value} for key, value in row.tags.items()],
        "Outputs": [{"OutputKey": out.key, "OutputValue": out.value, "ExportName": out.export} for out in row.outputs],
    }


def _summary(row: ChangeSet) -> dict[str, Any]:
    return {
        "ChangeSetId": row.arn,
        "ChangeSetName": row.name,
        "StackId": row.stack_arn,
        "StackName": stack_name_of(row.stack_arn),
        "Status": row.status,
        "ExecutionStatus": row.execution_status,
        "StatusReason": row.reason or None,
        "Description": row.description or None,
        "OnStackFailure": row.on_failure or None,
    }


def _change_set(row: ChangeSet) -> dict[str, Any]:
    changes = [
        {
            "Type": "Resource",
            "ResourceChange": {
                "Action": change.action,
                "LogicalResourceId": change.logical_id,
                "PhysicalResourceId": change.physical_id or None,
                "ResourceType": change.type,
                "Replacement": change.replacement or None,
            },
        }
        for change in row.changes
    ]
    return {
        **_summary(row),
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in row.parameters.items()],
        "Changes": changes,
    }


def _event(row: StackEvent) -> dict[str, Any]:
    return {
        "StackId": row.stack_arn,
        "EventId": row.id,
        "StackName": row.stack_name,
        "LogicalResourceId": row.logical_id,
        "PhysicalResourceId": row.physical_id,
        "ResourceType": row.type,
        "Timestamp": row.at,
        "ResourceStatus": row.status,
        "ResourceStatusReason": row.reason or None,
        "ClientRequestToken": row.token or None,
        "OperationId": row.operation_id or None,
    }


def _operation_event(row: StackEvent) -> dict[str, Any]:
    """As DescribeEvents shows a failure: a hook has words of its own."""
    event = {**_event(row), "OperationId": row.operation_id, "StackName": None, "EventType": "PROVISIONING_ERROR"}
    if row.status.startswith("HOOK"):
        hook, _, reason = row.reason.removeprefix("hook ").partition(": ")
        words = {"HookType": hook, "HookStatus": "HOOK_COMPLETE_FAILED", "HookStatusReason": reason}
        event |= {"EventType": "HOOK_INVOCATION_ERROR", "ResourceStatus": None, "ResourceStatusReason": None, **words}
    return event


def _read(endpoint: Endpoint, path: str, login: str | None) -> tuple[Any, ...] | None:
    """The answer to a GET of Lambda or SSO, None for one of S3."""
    if path.startswith(FUNCTIONS):
        return _function(endpoint, path.removeprefix(FUNCTIONS).partition("/")[0])
    if login is None:
        return None
    endpoint.actions.append("GetRoleCredentials")
    return endpoint.tokens.role_credentials(login)


def _function(endpoint: Endpoint, name: str) -> tuple[int, str, str, Fields]:
    endpoint.actions.append("GetFunctionConfiguration")
    digest = endpoint.code.get(name)
    if digest is None:
        return 404, "application/json", "{}", {"X-Amzn-ErrorType": "ResourceNotFoundException"}
    return 200, "application/json", json.dumps({"CodeSha256": digest}), {}


@contextmanager
def serving(endpoint: Endpoint) -> Iterator[Endpoint]:
    """The endpoint on a free port of 127.0.0.1 while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            target = self.headers.get("X-Amz-Target", "")
            reply = _answered(endpoint, target, body, self.headers.get("Authorization", ""))
            action = target.rpartition(".")[2] or form(body)["Action"]
            endpoint.heard(action)
            if action in endpoint.mute:
                endpoint.mute.remove(action)
                self.close_connection = True
                return
            self._send(*reply)

        def do_GET(self) -> None:
            reply = _read(endpoint, self.path, self.headers.get("x-amz-sso_bearer_token"))
            if reply is None:
                self._store("GET")
            else:
                self._send(*reply)

        def do_HEAD(self) -> None:
            self._store("HEAD")

        def do_PUT(self) -> None:
            self._store("PUT")

        def _store(self, method: str) -> None:
            data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            operation = endpoint.s3.operation(method, self.path)
            endpoint.actions.append(operation)
            status, headers, text = endpoint.s3.answer(operation, self.path, dict(self.headers), data)
            self._send(status, "application/xml", "" if method == "HEAD" else text, headers)

        def _send(self, status: int, kind: str, text: str, headers: Fields | None = None) -> None:
            _send(self, status, kind, text, headers or {})

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    endpoint.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()


def _send(handler: BaseHTTPRequestHandler, status: int, kind: str, text: str, headers: Fields) -> None:
    data = text.encode()
    handler.send_response(status)
    for name, value in {"Content-Type": kind, "Content-Length": str(len(data)), **headers}.items():
        handler.send_header(name, value)
    handler.end_headers()
    # Who asked may have been killed meanwhile.
    with suppress(ConnectionError):
        handler.wfile.write(data)


def _answered(endpoint: Endpoint, target: str, body: str, authorization: str) -> tuple[int, str, str]:
    fields = {} if target else form(body)
    action = target.rpartition(".")[2] or fields["Action"]
    endpoint.actions.append(action)
    if "RoleARN" in fields:
        endpoint.roles.append((action, fields["RoleARN"]))
    try:
        endpoint.tokens.sign(action, authorization)
    except AwsError as error:
        return 400, "text/xml", refusal(error.code, str(error))
    if endpoint.refusals.get(action):
        return 400, "text/xml", refusal(*endpoint.refusals[action].pop(0))
    if action == "ImportCertificate":
        return _json(lambda: endpoint.stores.import_certificate(body))
    if target and action != "GetParameters":
        said = endpoint.answers.get(action, {"__type": "AccessDeniedException", "message": "not authorized"})
        return (400 if "__type" in said else 200), "application/x-amz-json-1.1", json.dumps(said)
    if target:
        names = json.loads(body)["Names"]
        parameters = [{"Name": name, "Value": endpoint.ssm[name]} for name in names if name in endpoint.ssm]
        return 200, "application/x-amz-json-1.1", json.dumps({"Parameters": parameters, "InvalidParameters": []})
    try:
        return 200, "text/xml", endpoint.call(action, fields)
    except AwsError as error:
        message = str(error).removeprefix(f"{error.operation}: ").removesuffix(f" ({error.code})")
        return 400, "text/xml", refusal(error.code, message)


def _json(work: Callable[[], str]) -> tuple[int, str, str]:
    kind = "application/x-amz-json-1.1"
    try:
        return 200, kind, work()
    except AwsError as error:
        return 400, kind, json.dumps({"__type": error.code, "message": str(error)})
