"""What boto3 raises, as one AwsError with a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from botocore import exceptions as aws
from botocore.parsers import ResponseParserError

from aurora_cfn.errors import AwsError

EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})
REFUSED = frozenset({"InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch", "AuthFailure"})
UNREACHABLE = (
    aws.ConnectionError,
    aws.ConnectionClosedError,
    aws.HTTPClientError,
    aws.ReadTimeoutError,
    aws.ConnectTimeoutError,
)
_SSO = (aws.SSOTokenLoadError, aws.UnauthorizedSSOTokenError, aws.TokenRetrievalError)
_LOGIN = "log in again (`aws sso login`, or however you get them) and run the same command"


@contextmanager
def translated(operation: str, *, endpoint: str = "") -> Iterator[None]:
    """Raise AwsError for whatever boto3 raises inside; `endpoint` is named when it cannot be reached."""
    try:
        yield
    except aws.ClientError as error:
        raise _refusal(operation, error) from error
    except _SSO as error:
        raise AwsError(f"the SSO session has ended: {_LOGIN}", operation=operation, code="ExpiredToken") from error
    except UNREACHABLE as error:
        raise _unreachable(operation, endpoint, error) from error
    except ResponseParserError as error:
        what = f"{operation}: {endpoint or 'the other side'} did not answer as AWS does: {_short(error)}"
        raise AwsError(what, operation=operation, code="BadAnswer") from error
    except aws.BotoCoreError as error:
        raise AwsError(_sentence(error), operation=operation, code=type(error).__name__) from error


def _refusal(operation: str, error: aws.ClientError) -> AwsError:
    told = error.response.get("Error", {})
    code, message = str(told.get("Code", "")), " ".join(str(told.get("Message", "")).split())
    if code in EXPIRED:
        return AwsError(f"the AWS credentials have expired: {_LOGIN}", operation=operation, code=code)
    if code in REFUSED:
        what = f"AWS does not accept these credentials ({code}): check --profile and AWS_ACCESS_KEY_ID"
        return AwsError(what, operation=operation, code=code)
    return AwsError(f"{operation}: {message or 'refused without a word'} ({code})", operation=operation, code=code)


def _unreachable(operation: str, endpoint: str, error: Exception) -> AwsError:
    where = getattr(error, "kwargs", {}).get("endpoint_url") or endpoint or "AWS"
    what = f"cannot reach {where}: check the network, --region and --endpoint-url"
    return AwsError(what, operation=operation, code="Unreachable")


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


def _short(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text if len(text) <= 300 else f"{text[:300]} ..."
