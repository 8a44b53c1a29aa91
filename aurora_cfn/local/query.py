"""ministack's services from inside: their actions take the parameters of the AWS Query protocol."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

Answer: TypeAlias = tuple[int, dict[str, str], Any]
Action: TypeAlias = Callable[[dict[str, Any]], Answer]
# Services with JSON bodies name the code and the message of a refusal differently.
_ERROR_KEYS = (("__type", "Code"), ("message", "Message"))


class ServiceError(Exception):
    """A service refused; `str()` is what CloudFormation puts into the event of the resource."""

    def __init__(self, service: str, status: int, code: str, message: str) -> None:
        """Keep the code and the service's own words."""
        self.code = code
        self.message = message
        request = uuid.uuid4()
        said = f"{message} (Service: {service}, Status Code: {status}, Request ID: {request})"
        kind = "NotFound" if "NotFound" in code else "AlreadyExists" if "Exists" in code else "InvalidRequest"
        super().__init__(
            f'Resource handler returned message: "{said}" (RequestToken: {uuid.uuid4()}, HandlerErrorCode: {kind})'
        )


def flat(properties: Mapping[str, Any], *, lists: str = ".member") -> dict[str, Any]:
    """Template properties as Query parameters; EC2 numbers its lists without `.member`."""
    found: dict[str, Any] = {}

    def put(name: str, value: Any) -> None:
        if isinstance(value, Mapping):
            for key, inner in value.items():
                put(f"{name}.{key}" if name else key, inner)
        elif isinstance(value, list | tuple):
            for index, inner in enumerate(value, 1):
                put(f"{name}{lists}.{index}", inner)
        elif isinstance(value, bool):
            found[name] = [str(value).lower()]
        elif value is not None:
            found[name] = [str(value)]

    put("", properties)
    return found


def call(service: str, action: Action, parameters: Mapping[str, Any], *, lists: str = ".member") -> str:
    """The body of the answer; ServiceError when the service refuses."""
    status, _, body = action(flat(parameters, lists=lists))
    text = body.decode() if isinstance(body, bytes) else str(body)
    if status >= 400:
        code = re.search(r"<Code>(.*?)</Code>", text)
        message = re.search(r"<Message>(.*?)</Message>", text, re.DOTALL)
        raise ServiceError(service, status, code[1] if code else str(status), message[1] if message else text)
    return text


def json_of(service: str, answer: Answer) -> dict[str, Any]:
    """The JSON body of an answer; ServiceError with the service's own code and words when it refuses."""
    status, _, body = answer
    found: dict[str, Any] = json.loads(body) if body else {}
    if status >= 400:
        code, message = (next((found[name] for name in names if found.get(name)), "") for names in _ERROR_KEYS)
        raise ServiceError(service, status, str(code or status), str(message or found))
    return found


def value_of(text: str, name: str) -> str:
    """The first element of that name in an XML answer; empty when there is none."""
    found = re.search(rf"<{name}>(.*?)</{name}>", text, re.DOTALL)
    return found[1] if found else ""


def is_true(value: Any) -> bool:
    """A template's boolean, which YAML may carry as text."""
    return str(value).lower() == "true"
