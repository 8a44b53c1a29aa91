"""What cannot be reached, and why: each in one sentence, with what to look at."""

from __future__ import annotations

from typing import Any

import pytest
from botocore import exceptions as aws

from aurora_cfn.aws.errors import translated
from aurora_cfn.errors import AwsError

URL = "https://cloudformation.eu-west-1.amazonaws.com/"


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (
            aws.EndpointConnectionError(endpoint_url=URL),
            f"cannot reach {URL}: check the network, --region and --endpoint-url",
        ),
        (
            aws.ProxyConnectionError(proxy_url="http://***:***@proxy:3128"),
            "cannot reach the proxy http://***:***@proxy:3128: check HTTPS_PROXY, HTTP_PROXY and NO_PROXY",
        ),
        (
            aws.SSLError(endpoint_url=URL, error=OSError("self-signed certificate")),
            f"the certificate of {URL} is not trusted (self-signed certificate): check AWS_CA_BUNDLE, the address and"
            " the proxy",
        ),
        (
            aws.HTTPClientError(error=FileNotFoundError("/nowhere.pem")),
            "cannot reach AWS (/nowhere.pem): check the network, --region and --endpoint-url",
        ),
    ],
)
def test_what_cannot_be_reached(error: Exception, says: str) -> None:
    with pytest.raises(AwsError) as caught, translated("DescribeStacks"):
        raise error
    assert (str(caught.value), caught.value.code) == (says, "Unreachable")


def test_another_wrong_value_is_not_taken_for_an_address() -> None:
    with pytest.raises(ValueError, match="something else"), translated("DescribeStacks"):
        raise ValueError("something else")


CLOCK = "the clock of this machine is wrong{}: set it, for example with NTP, and run the command again"
SLOW = "Signature expired: 20261128T190000Z is now earlier than 20261128T194000Z (20261128T194500Z - 5 min.)"
FAST = "Signature not yet current: 20261128T230000Z is still later than 20261128T195000Z (20261128T194500Z + 5 min.)"


@pytest.mark.parametrize(
    ("code", "fields", "says"),
    [
        ("SignatureDoesNotMatch", {"Message": SLOW}, CLOCK.format(" by 45 minutes (it is slow)")),
        ("InvalidSignatureException", {"Message": SLOW}, CLOCK.format(" by 45 minutes (it is slow)")),
        ("SignatureDoesNotMatch", {"Message": FAST}, CLOCK.format(" by 3 h 15 min (it is fast)")),
        ("SignatureDoesNotMatch", {"Message": "Signature expired"}, CLOCK.format("")),
        # One moment alone is no difference.
        ("SignatureDoesNotMatch", {"Message": "Signature expired: 20261128T190000Z"}, CLOCK.format("")),
        (
            "RequestTimeTooSkewed",
            {"Message": "too large", "RequestTime": "20261128T190000Z", "ServerTime": "2026-11-28T19:20:00Z"},
            CLOCK.format(" by 20 minutes (it is slow)"),
        ),
        (
            "SignatureDoesNotMatch",
            {"Message": "The request signature we calculated does not match"},
            "AWS does not accept these credentials (SignatureDoesNotMatch): check --profile and AWS_ACCESS_KEY_ID",
        ),
    ],
)
def test_a_wrong_clock_is_named_with_the_difference(code: str, fields: dict[str, Any], says: str) -> None:
    answer: Any = {"Error": {"Code": code, **fields}}
    with pytest.raises(AwsError) as caught, translated("DescribeStacks"):
        raise aws.ClientError(answer, "DescribeStacks")
    assert str(caught.value) == says
