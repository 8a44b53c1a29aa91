"""What cannot be reached, and why: each in one sentence, with what to look at."""

from __future__ import annotations

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
    with pytest.raises(AwsError) as told, translated("DescribeStacks"):
        raise error
    assert (str(told.value), told.value.code) == (says, "Unreachable")


def test_another_wrong_value_is_not_taken_for_an_address() -> None:
    with pytest.raises(ValueError, match="something else"), translated("DescribeStacks"):
        raise ValueError("something else")
