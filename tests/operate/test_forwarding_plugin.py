"""The command line of the Session Manager plugin."""

from __future__ import annotations

import json

import pytest

from aurora_cfn.model.database_tunnel import FORWARDING, ForwardingSession, PortForwarding
from aurora_cfn.operate.tunnels import RESPONSE, is_too_old, plugin_environment, plugin_words

WANTED = PortForwarding("i-0abc", "c.example", 5432, 54213)


def test_the_arguments_are_those_of_the_aws_cli_and_hold_no_token() -> None:
    variable, region, operation, profile, asked, endpoint = plugin_words(
        WANTED, "eu-west-1", "dev", "https://ssm.eu-west-1.amazonaws.com"
    )
    assert (variable, region, operation, profile) == (RESPONSE, "eu-west-1", "StartSession", "dev")
    assert endpoint == "https://ssm.eu-west-1.amazonaws.com"
    assert json.loads(asked) == {
        "Target": "i-0abc",
        "DocumentName": FORWARDING,
        "Parameters": {"host": ["c.example"], "portNumber": ["5432"], "localPortNumber": ["54213"]},
    }


def test_the_token_is_in_the_environment_and_in_no_repr() -> None:
    session = ForwardingSession("me-0abc", "wss://x/", "secret-token")
    assert json.loads(plugin_environment(session)[RESPONSE]) == {
        "SessionId": "me-0abc",
        "TokenValue": "secret-token",
        "StreamUrl": "wss://x/",
    }
    assert "secret-token" not in repr(session)


@pytest.mark.parametrize(
    ("version", "old"),
    [("1.2.497.0", True), ("1.1.61.0", True), ("1.2.536.0", False), ("1.2.707.0", False), ("2.0", False), ("", False)],
)
def test_versions_that_take_the_token_as_an_argument_are_too_old(version: str, old: bool) -> None:
    assert is_too_old(version) is old
