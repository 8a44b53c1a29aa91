"""The command line of session-manager-plugin, which carries the data of a forwarded port.

As the AWS CLI starts it (awscli/customizations/sessionmanager.py of aws-cli, read 2026-11).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from aurora_cfn.model.database_tunnel import FORWARDING, ForwardingSession, PortForwarding

PLUGIN = "session-manager-plugin"
RESPONSE = "AWS_SSM_START_SESSION_RESPONSE"
READY = "Waiting for connections"
"""What the plugin prints when the local port accepts connections."""
INSTALL = (
    "install the Session Manager plugin: "
    "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html"
)
_OLDEST = (1, 2, 497, 1)
"""Older versions take the session's token as an argument, where every user of the machine could read it."""


def plugin_words(wanted: PortForwarding, region: str, profile: str, endpoint: str) -> list[str]:
    """The arguments; the session itself is in the environment (`plugin_environment`)."""
    asked = {
        "Target": wanted.target,
        "DocumentName": FORWARDING,
        "Parameters": wanted.parameters,
    }
    return [RESPONSE, region, "StartSession", profile, json.dumps(asked), endpoint]


def plugin_environment(session: ForwardingSession) -> Mapping[str, str]:
    """The variable that holds the answer of StartSession, with its token."""
    answer = {"SessionId": session.identifier, "TokenValue": session.token, "StreamUrl": session.url}
    return {RESPONSE: json.dumps(answer)}


def is_too_old(version: str) -> bool:
    """Whether that version of the plugin would need the token on its command line; False for an unknown version."""
    numbers = tuple(map(int, re.findall(r"\d+", version)))
    return bool(numbers) and numbers < _OLDEST
