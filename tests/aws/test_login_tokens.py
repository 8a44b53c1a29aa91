"""IAM tokens for roles, and sessions that forward a port."""

from __future__ import annotations

from urllib.parse import parse_qs

from aurora_cfn.aws.dsql import AwsDsql
from aurora_cfn.aws.secrets import AwsLoginTokens
from aurora_cfn.aws.ssm import SsmSessions
from aurora_cfn.model.database_tunnel import FORWARDING, PortForwarding
from tests.aws.stubs import session, stubbed


def asked_by(token: str) -> tuple[str, dict[str, list[str]]]:
    place, _, query = token.partition("/?")
    return place, parse_qs(query)


def test_a_token_of_rds_names_host_port_and_role() -> None:
    found = AwsLoginTokens(session()).credentials("c.example", 5432, "reporter")
    place, asked = asked_by(found.password)
    assert (found.user, found.token, place) == ("reporter", True, "c.example:5432")
    assert (asked["Action"], asked["DBUser"], asked["X-Amz-Expires"]) == (["connect"], ["reporter"], ["900"])
    assert found.password not in repr(found)


def test_dsql_has_one_action_for_the_administrator_and_another_for_roles() -> None:
    dsql = AwsDsql(session())
    for role, action in (("admin", "DbConnectAdmin"), ("reporter", "DbConnect")):
        found = dsql.credentials("x.dsql.eu-west-1.on.aws", role)
        assert (found.user, found.token) == (role, True)
        assert asked_by(found.password)[1]["Action"] == [action]


def test_a_forwarding_session_is_started_and_ended() -> None:
    place = session()
    wanted = PortForwarding("i-0abc", "c.example", 5432, 54213)
    answer = {"SessionId": "me-0abc", "StreamUrl": "wss://x/", "TokenValue": "t"}
    asked = {"Target": "i-0abc", "DocumentName": FORWARDING, "Parameters": wanted.parameters, "Reason": "aurora-cfn"}
    with stubbed(place, "ssm") as stub:
        stub.add_response("start_session", answer, asked)
        stub.add_response("terminate_session", {"SessionId": "me-0abc"}, {"SessionId": "me-0abc"})
        sessions = SsmSessions(place)
        found = sessions.start_forwarding(wanted)
        assert (found.identifier, found.url, found.token) == ("me-0abc", "wss://x/", "t")
        sessions.terminate(found.identifier)
        assert sessions.endpoint() == place.client("ssm").meta.endpoint_url
