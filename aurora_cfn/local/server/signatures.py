"""Requests to the AWS APIs must be signed with keys that this emulator gave out, as AWS demands it of its own.

The arithmetic of Signature Version 4 and the form of each service's refusal are ministack's. ministack 1.5.33 checks
the keys of IAM users and of roles, but accepts any request without a key, with `test`, or with an account id as key.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import parse_qs, quote

from ministack.core import iam_evaluator, responses, sigv4
from ministack.core.iam_evaluator import AuthError
from ministack.core.router import detect_service
from ministack.core.sigv4 import decode_header_value

from aurora_cfn.local.keys import Keys
from aurora_cfn.local.server.guard import App, Message, Receive, Scope, Send, answer

HINT = " (the local emulator accepts its own keys alone: aurora-cfn local env prints them)"
ACCOUNT = re.compile(r"\d{12}")
OWN_HOST = re.compile(r"(?:127\.0\.0\.1|\[::1\]|localhost)(?::\d+)?")
OPEN = re.compile(
    r"\S+ (?:/_aws/execute-api/|/_aws/lambda-url/|/restapis/[^/]+/[^/]+/_user_request_(?:/|$))"
    r"|GET /_ministack/(?:health|ready)$"
    r"|GET /[^/]+/\.well-known/(?:jwks\.json|openid-configuration)$"
    r"|PUT /_ministack/cfn-(?:response|signal)/[0-9a-f-]{32}"  # presigned in AWS; here the random token is the proof
)
"""Method and path of what a template opens to clients without AWS keys: its APIs, function URLs, public keys.

Only with a plain host: ministack routes some paths before it looks at the host of an API, the Data API's among them.
"""
PUBLIC_COGNITO = re.compile(
    r"AWSCognitoIdentityProviderService\.(?:InitiateAuth|RespondToAuthChallenge|SignUp|ConfirmSignUp|ResendConfirmationCode"
    r"|ForgotPassword|ConfirmForgotPassword|GetUser|GlobalSignOut|RevokeToken|ChangePassword)"
)
"""What browsers send to Cognito without AWS keys. Calls that give out AWS credentials are not among them."""
Query: TypeAlias = dict[str, list[str]]
Failure: TypeAlias = tuple[str, str]
"""An error code and a message of AWS."""
MISSING: Failure = ("MissingAuthenticationToken", "Request is missing Authentication Token")
UNKNOWN: Failure = ("UnrecognizedClientException", "The security token included in the request is invalid.")
EXPIRED: Failure = ("RequestExpired", "Request has expired")


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """What a signature covers, as it came; the names of headers in lower case."""

    method: str
    raw_path: str
    query: Query
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def is_presigned(self) -> bool:
        """Whether the signature is in the URL."""
        return "X-Amz-Signature" in self.query

    @property
    def is_signed(self) -> bool:
        """Whether there is a signature at all."""
        return self.is_presigned or self.headers.get("authorization", "").startswith(("AWS4-", "AWS "))

    @property
    def needs_body(self) -> bool:
        """Whether the signature covers the body itself, and not only a hash that is sent in a header."""
        declared = self.headers.get("x-amz-content-sha256", "")
        return not declared or declared.startswith("STREAMING-AWS4-HMAC-SHA256-PAYLOAD")


def is_open(request: SignedRequest, path: str) -> bool:
    """Whether a request may come without a signature; one that is there is checked all the same."""
    if not OWN_HOST.fullmatch(request.headers.get("host", "")):
        return False
    by_path = OPEN.match(f"{request.method} {path}")
    return bool(by_path or (path == "/" and PUBLIC_COGNITO.fullmatch(request.headers.get("x-amz-target", ""))))


def wants_iam(request: SignedRequest, path: str) -> bool:
    """Whether the method of an API, or the function URL, is for signed requests only: its authorization is AWS_IAM."""
    from ministack import app as ministack  # late: it sets up the logging of the process

    host = request.headers.get("host", "")
    called = ministack._parse_execute_api_url(host, path)
    if called:
        api, stage, rest = called
        if rest.startswith("/@connections/"):  # the management of WebSockets, an API of AWS
            return True
        stage, rest = ministack._resolve_stage_and_path(api, stage, rest)
        return bool(ministack._execute_api_authorization_type(api, stage, request.method, rest) == "AWS_IAM")
    url = ministack._parse_lambda_url(host, path)
    context = ministack._function_url_auth_target(url[0])[1] if url else {}
    return bool(context.get("lambda:FunctionUrlAuthType") == "AWS_IAM")


def failure_of(request: SignedRequest, secret_of: Callable[[str, str], str | Failure]) -> Failure | None:
    """Why AWS would refuse the request's signature, or None; `secret_of(access key id, session token)`."""
    if not request.is_signed:
        return MISSING
    read = sigv4.parse_query_signature if request.is_presigned else sigv4.parse_header_signature
    signature = read(request.query if request.is_presigned else request.headers)
    if isinstance(signature, tuple):
        return signature[0], signature[1]
    late = _expired(request, signature) if request.is_presigned else sigv4.request_time_failure(signature)
    if late:
        return late[0], late[1]
    token = request.headers.get("x-amz-security-token") or (request.query.get("X-Amz-Security-Token") or [""])[0]
    secret = secret_of(signature.access_key_id, token)
    if isinstance(secret, tuple):
        return secret
    found: Failure | None = sigv4.header_signature_failure(
        signature, secret, request.method, request.raw_path, request.query, request.headers, request.body,
        presigned=request.is_presigned,
    )  # fmt: skip
    return found


def _expired(request: SignedRequest, signature: Any) -> Failure | None:
    try:
        # Without X-Amz-Expires the 15 minutes of a login token.
        seconds = (request.query.get("X-Amz-Expires") or ["900"])[0]
        return EXPIRED if sigv4.presigned_request_is_expired(signature.amz_date, seconds) else None
    except ValueError:
        return EXPIRED


def secrets_of(keys: Keys) -> Callable[[str, str], str | Failure]:
    """The secret of an access key id: ours, an account's (12 digits, with our secret), or one that IAM or STS made."""

    def secret_of(access_key_id: str, token: str) -> str | Failure:
        if access_key_id == keys.access_key_id or ACCOUNT.fullmatch(access_key_id):
            return keys.secret_access_key
        if access_key_id in ("", "test"):  # keys that ministack accepts from anyone
            return UNKNOWN
        account = iam_evaluator.find_iam_access_key_account(access_key_id)
        account = account or responses._account_from_sts_session(access_key_id) or responses.get_account_id()
        found = iam_evaluator.resolve_credential(access_key_id, account, token)
        if isinstance(found, iam_evaluator.CredentialResolutionError):
            return found.code, found.message
        return str(found.secret_access_key)

    return secret_of


def tokens_signed_with(keys: Keys) -> Callable[[str], bool]:
    """Whether an IAM token of RDS or DSQL, which is a presigned URL without its scheme, has a valid signature."""
    secret_of = secrets_of(keys)

    def is_signed(token: str) -> bool:
        place, _, query = token.partition("?")
        request = SignedRequest("GET", "/", parse_qs(query, keep_blank_values=True), {"host": place.rstrip("/")})
        return failure_of(request, secret_of) is None

    return is_signed


def signed_only(inner: App, keys: Keys) -> App:
    """The same application; a request without a valid signature gets the refusal that its service gives in AWS."""
    secret_of = secrets_of(keys)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await inner(scope, receive, send)
        request = _request(scope)
        if not request.is_signed and is_open(request, scope["path"]) and not wants_iam(request, scope["path"]):
            return await inner(scope, receive, send)
        if request.is_signed and request.needs_body and scope["type"] == "http":
            request, receive = await _with_body(request, receive)
        failure = failure_of(request, secret_of)
        if failure is None:
            return await inner(scope, receive, send)
        if scope["type"] == "websocket":
            return await send({"type": "websocket.close", "code": 1008})
        return await answer(send, *refusal(request, scope["path"], failure))

    return app


def _request(scope: Scope) -> SignedRequest:
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1").lower(), decode_header_value(value)
        headers[key] = f"{headers[key]},{text}" if key in headers else text  # as the signature joins them
    raw_path = (scope.get("raw_path") or quote(scope["path"]).encode()).decode("latin-1")
    query = parse_qs(scope.get("query_string", b"").decode("utf-8", "replace"), keep_blank_values=True)
    return SignedRequest(scope.get("method", "GET"), raw_path, query, headers)


async def _with_body(request: SignedRequest, receive: Receive) -> tuple[SignedRequest, Receive]:
    """The request with its body, and a `receive` that gives the same messages again."""
    messages: list[Message] = []
    while not messages or messages[-1].get("more_body"):
        messages.append(await receive())
    body = b"".join(message.get("body", b"") for message in messages)
    waiting = iter(messages)

    async def again() -> Message:
        return next(waiting, None) or await receive()

    return SignedRequest(request.method, request.raw_path, request.query, request.headers, body), again


def refusal(request: SignedRequest, path: str, failure: Failure) -> tuple[int, bytes, dict[str, str]]:
    """Status, body and headers of a refusal in the protocol of the service that the request is for."""
    # An API's own words: its clients know no AWS keys, and so get no hint about them.
    if is_open(request, path):
        return 403, b'{"message":"Missing Authentication Token"}', {"Content-Type": "application/json"}
    from ministack import app as ministack  # late: it sets up the logging of the process

    headers = dict(request.headers)
    service = detect_service(request.method, path, headers, request.query)
    error = AuthError(*failure)
    if "x-www-form-urlencoded" in headers.get("content-type", "") and not request.is_signed:
        service = "sts"  # only the body, which is not read, names the service: errors of STS have the form of all
    status, found, body = ministack._credential_failure(service, "", str(uuid.uuid4()), error, headers)
    return status, hinted(body), found


def hinted(body: bytes) -> bytes:
    """The refusal, its message followed by what to do."""
    if b"</Message>" in body:
        return body.replace(b"</Message>", f"{HINT}</Message>".encode(), 1)
    try:
        found = json.loads(body)
    except ValueError:
        return body
    name = "message" if "message" in found else "Message"
    return json.dumps(found | {name: f"{found.get(name, '')}{HINT}"}).encode()
