"""botocore's exceptions as AwsError with what to do, and the retries that it does not make itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from random import random
from typing import Any

from botocore import exceptions as aws
from botocore.parsers import ResponseParserError

from aurora_cfn.aws.clock_skew import clock_skew
from aurora_cfn.errors import (
    BAD_ANSWER,
    BAD_ENDPOINT,
    EXPIRED,
    REFUSED,
    THROTTLED,
    UNREACHABLE,
    AwsError,
    suppress_codes,
)
from aurora_cfn.facts import read_facts

_NO_ANSWER = (
    aws.ConnectionError,
    aws.ConnectionClosedError,
    aws.HTTPClientError,
    aws.ReadTimeoutError,
    aws.ConnectTimeoutError,
)
INVALID_ENDPOINT = "Invalid endpoint"
"""Beginning of botocore's message for an invalid endpoint URL; the error has no class of its own."""
_LOGINS = (
    aws.SSOTokenLoadError,
    aws.UnauthorizedSSOTokenError,
    aws.TokenRetrievalError,
    aws.LoginRefreshRequired,
    aws.LoginTokenLoadError,
)
_LOGIN = "log in again (`aws sso login`, `aws login`, or however you get them)"
_ROLES = frozenset({"AssumeRole", "AssumeRoleWithWebIdentity", "GetRoleCredentials"})
"""Calls that botocore makes before ours to get credentials."""


@contextmanager
def translated(operation: str, absent: Collection[str] = ()) -> Iterator[None]:
    """Raise AwsError for every exception of botocore inside, and for a key that the answer lacks.

    With one of the codes in `absent` AWS says that there is no such thing: then the block ends without an error.
    """
    with suppress_codes(absent), _translated(operation):
        yield


@contextmanager
def _translated(operation: str) -> Iterator[None]:
    try:
        yield
    except aws.ClientError as error:
        raise _refusal(operation, error) from error
    except _LOGINS as error:
        raise expiry(operation, what="login session has") from error
    except _NO_ANSWER as error:
        raise _unreachable(operation, error) from error
    except ResponseParserError as error:
        what = f"{operation}: the server did not answer as AWS does: {_short(error)}"
        raise AwsError(what, operation=operation, code=BAD_ANSWER) from error
    except KeyError as error:
        what = f"{operation}: the answer of the server has no {error.args[0]}"
        raise AwsError(what, operation=operation, code=BAD_ANSWER) from error
    # After its subclasses above.
    except aws.BotoCoreError as error:
        raise AwsError(_sentence(error), operation=operation, code=type(error).__name__) from error
    except ValueError as error:
        if not str(error).startswith(INVALID_ENDPOINT):
            raise
        given = str(error).removeprefix(f"{INVALID_ENDPOINT}: ")
        what = f"{given} is no address: --endpoint-url and AWS_ENDPOINT_URL take one such as http://127.0.0.1:4566"
        raise AwsError(what, operation=operation, code=BAD_ENDPOINT) from error


def has_ended(error: BaseException) -> bool:
    """Whether the error means that the credentials expired."""
    code = error.response.get("Error", {}).get("Code") if isinstance(error, aws.ClientError) else ""
    return isinstance(error, _LOGINS) or (error.code if isinstance(error, AwsError) else code) in EXPIRED


# Any code of the set will do; min gives the same one each time.
def expiry(operation: str, *, what: str = "AWS credentials have", code: str = min(EXPIRED)) -> AwsError:
    """The error for expired credentials."""
    return AwsError(f"the {what} expired: {_LOGIN}", operation=operation, code=code)


def _refusal(operation: str, error: aws.ClientError) -> AwsError:
    body = error.response.get("Error", {})
    code, message = str(body.get("Code", "")), " ".join(str(body.get("Message", "")).split())
    # The call that was refused is not ours, but one for credentials, which the message must name.
    if error.operation_name in _ROLES:
        operation = error.operation_name
    if skew := clock_skew(body, code):
        return AwsError(skew, operation=operation, code=code)
    if code in EXPIRED:
        return expiry(operation, code=code)
    if code in REFUSED:
        what = f"AWS does not accept these credentials ({code}): check --profile and AWS_ACCESS_KEY_ID"
        return AwsError(what, operation=operation, code=code)
    what = f"{operation}: {message or 'refused without a message'} ({code})"
    advice = next((text for words, text in read_facts("refused_calls")["advice"] if words in message), "")
    return AwsError(f"{what}: {advice}" if advice else what, operation=operation, code=code)


def _unreachable(operation: str, error: Exception) -> AwsError:
    fields = getattr(error, "kwargs", {})
    where = fields.get("endpoint_url") or "AWS"
    if isinstance(error, aws.ProxyConnectionError):
        what = f"cannot reach the proxy {fields.get('proxy_url')}: check HTTPS_PROXY, HTTP_PROXY and NO_PROXY"
    elif isinstance(error, aws.SSLError):
        why = _short(fields.get("error", ""))
        what = f"the certificate of {where} is not trusted ({why}): check AWS_CA_BUNDLE, the address and the proxy"
    elif isinstance(error, aws.ReadTimeoutError):
        what = f"{where} took the call and did not answer: try again, or check --endpoint-url and the proxy"
    else:
        why = f" ({_short(fields['error'])})" if type(error) is aws.HTTPClientError and "error" in fields else ""
        what = f"cannot reach {where}{why}: check the network, --region and --endpoint-url"
    return AwsError(what, operation=operation, code=UNREACHABLE)


def _sentence(error: aws.BotoCoreError) -> str:
    if isinstance(error, aws.NoCredentialsError):
        return "no AWS credentials found: set AWS_PROFILE or --profile, or run `aws configure`"
    if isinstance(error, aws.PartialCredentialsError):
        return "the AWS credentials are incomplete: an access key needs its secret key"
    if isinstance(error, aws.ProfileNotFound):
        return (
            f"the profile {error.kwargs['profile']} does not exist: `aws configure list-profiles` shows those that do"
        )
    if isinstance(error, aws.NoRegionError):
        return "no region: write `region:` into the params file, or give --region"
    return " ".join(str(error).split())


def _short(error: object) -> str:
    text = " ".join(str(error).split())
    # A proxy that answers in AWS's place may send a whole page of HTML.
    return text if len(text) <= 300 else f"{text[:300]} ..."


ATTEMPTS = 12
"""Most attempts of a throttled call: if AWS refuses every fifth call, 1 in 200 million calls fails (0.2 ** 12)."""
LONGEST = 10.0
"""Most seconds between two attempts."""


def retry_throttled(dice: Callable[[], float] = random) -> Callable[..., float | None]:
    """A handler of botocore's event `needs-retry`: the seconds before the next attempt, None for no retry.

    botocore takes the first answer that is not None, so its own handler decides until it gives up.
    """

    def wait(*, attempts: int, response: Any = None, **_: Any) -> float | None:
        code = response[1].get("Error", {}).get("Code") if response else None
        if code not in THROTTLED or attempts >= ATTEMPTS:
            return None
        # Jitter of a half, so that stacks that were throttled together do not retry together.
        # botocore makes the first attempts itself (`session.ATTEMPTS`), so in AWS this begins at 8 s.
        return float(min(LONGEST, 2.0 ** (attempts - 3)) * (0.5 + dice() / 2))

    return wait


def retry_once(*, attempts: int, caught_exception: Exception | None = None, **_: Any) -> float | None:
    """A handler of `needs-retry` for clients with short timeouts: one retry after a lost connection, at once."""
    return 0.0 if caught_exception is not None and attempts == 1 else None
