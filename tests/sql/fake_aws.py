"""An AWS on loopback with one stack, its secret, answers of the Data API and SSM sessions: for whole commands."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

SECRET = {"username": "master", "password": "hunter2 '\"\\$x"}
OUTPUTS = {
    "ClusterArn": "arn:aws:rds:eu-west-1:123456789012:cluster:c",
    "SecretArn": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:s-abcdef",
    "DBName": "temporal",
    "DNSName": "127.0.0.1",
    "DBPort": "1",
}
IDENTITY = (
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/u</Arn>"
    "<Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
)
ONE: dict[str, Any] = {
    "columnMetadata": [{"name": "n", "label": "n", "typeName": "int4"}],
    "records": [[{"longValue": 1}]],
}


class FakeAws:
    """Stacks by name to their outputs; answers of the Data API in order, `(code, message)` for an error, then ONE."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.stacks: dict[str, dict[str, str]] = {"aurora-serverless-local": dict(OUTPUTS)}
        self.answers: list[dict[str, Any] | tuple[str, str]] = []
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.json: dict[str, list[dict[str, Any] | tuple[str, str] | bytes]] = {}
        """Answers of JSON services by operation, in order, the last for ever; what they were asked is in `asked`.

        Bytes are an event stream, whose last `cut` bytes are not sent.
        """
        self.cut = 0

    def reply(self, path: str, body: bytes, target: str) -> tuple[int, dict[str, str], bytes]:
        if "secretsmanager" in target:
            return 200, {}, json.dumps({"SecretString": json.dumps(SECRET)}).encode()
        if "AmazonSSM" in target and target.rpartition(".")[2] not in self.json:
            self.asked.append((target, json.loads(body)))
            opened = {"SessionId": "me-0abc", "StreamUrl": "wss://x.invalid/", "TokenValue": "session-token"}
            return 200, {}, json.dumps(opened).encode()
        if target:
            return self._answered(target.rpartition(".")[2], json.loads(body))
        if path == "/":
            asked = parse_qs(body.decode())
            return self._stack(asked["StackName"][0]) if "StackName" in asked else (200, {}, IDENTITY.encode())
        self.asked.append((path, json.loads(body)))
        if path == "/BeginTransaction":
            return 200, {}, b'{"transactionId": "t1"}'
        if path != "/Execute":
            return 200, {}, b"{}"
        answer = self.answers.pop(0) if self.answers else ONE
        if isinstance(answer, tuple):
            return 400, {"x-amzn-errortype": answer[0]}, json.dumps({"message": answer[1]}).encode()
        return 200, {}, json.dumps(answer).encode()

    def _answered(self, operation: str, asked: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        self.asked.append((operation, asked))
        rows = self.json[operation]
        answer = rows.pop(0) if len(rows) > 1 else rows[0]
        if isinstance(answer, tuple):
            return 400, {}, json.dumps({"__type": answer[0], "message": answer[1]}).encode()
        if isinstance(answer, bytes):
            return 200, {"Content-Type": "application/vnd.amazon.eventstream"}, answer
        return 200, {}, json.dumps(answer).encode()

    def _stack(self, name: str) -> tuple[int, dict[str, str], bytes]:
        if name not in self.stacks:
            message = f"<Code>ValidationError</Code><Message>Stack with id {name} does not exist</Message>"
            return 400, {}, f"<ErrorResponse><Error>{message}</Error></ErrorResponse>".encode()
        outputs = "".join(
            f"<member><OutputKey>{key}</OutputKey><OutputValue>{value}</OutputValue></member>"
            for key, value in self.stacks[name].items()
        )
        stack = (
            f"<member><StackId>arn:aws:cloudformation:eu-west-1:123456789012:stack/{name}/1</StackId>"
            f"<StackName>{name}</StackName><StackStatus>CREATE_COMPLETE</StackStatus>"
            f"<CreationTime>2026-11-21T00:00:00Z</CreationTime><Outputs>{outputs}</Outputs></member>"
        )
        message = f"<DescribeStacksResult><Stacks>{stack}</Stacks></DescribeStacksResult>"
        return 200, {}, f"<DescribeStacksResponse>{message}</DescribeStacksResponse>".encode()


@contextmanager
def fake_aws() -> Iterator[FakeAws]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            status, headers, answer = aws.reply(self.path, body, self.headers.get("X-Amz-Target", ""))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(answer))}.items():
                self.send_header(name, value)
            self.end_headers()
            cut = aws.cut if "Content-Type" in headers else 0
            self.wfile.write(answer[: len(answer) - cut])
            # Without it the client would wait for the rest.
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    aws = FakeAws(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield aws
    finally:
        server.shutdown()
        server.server_close()
