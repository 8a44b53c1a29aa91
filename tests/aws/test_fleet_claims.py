"""Claims of clients' names: the fake and boto3 answer alike, and what is sent to Systems Manager."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from aurora_cfn.aws.ssm import SsmClaims
from aurora_cfn.errors import AwsError
from tests.aws.claims_contract import PATH, keep_claims, one_of_many_wins
from tests.aws.stubs import session, stubbed
from tests.fakes.claims import FakeClaims

ACME = f"{PATH}/acme"
TAKEN = {"Name": ACME, "Value": "eu-west-1", "Type": "String", "Overwrite": False}


def answer(second: int) -> dict[str, Any]:
    at = datetime(2026, 11, 29, 8, 0, second, tzinfo=UTC)
    return {"Parameters": [{"Name": ACME, "Value": "eu-west-1", "Version": 1, "LastModifiedDate": at}]}


def test_the_fake_keeps_to_the_contract() -> None:
    keep_claims(FakeClaims())
    one_of_many_wins(FakeClaims())


def test_boto3_keeps_to_the_contract() -> None:
    place = session()
    with stubbed(place, "ssm") as stub:
        asked, path = {"Names": [ACME]}, {"Path": PATH}
        gone: dict[str, Any] = {"Parameters": []}

        def get(*answers: dict[str, Any]) -> None:
            for one in answers:
                stub.add_response("get_parameters", one, asked)

        get(gone, gone)
        stub.add_response("get_parameters_by_path", gone, path)
        stub.add_response("put_parameter", {"Version": 1}, TAKEN)
        stub.add_client_error("put_parameter", "ParameterAlreadyExists")
        get(answer(1))
        stub.add_response("get_parameters_by_path", answer(1), path)
        get(answer(1), answer(1), answer(1))
        stub.add_response("delete_parameter", {}, {"Name": ACME})
        get(gone)
        stub.add_response("put_parameter", {"Version": 1}, TAKEN)
        get(answer(2), answer(2), answer(2), answer(2))
        stub.add_response("delete_parameter", {}, {"Name": ACME})
        keep_claims(SsmClaims(place))
        stub.assert_no_pending_responses()


@pytest.mark.parametrize(("code", "raised"), [("ParameterNotFound", False), ("AccessDeniedException", True)])
def test_a_claim_that_others_free_meanwhile_is_no_error(code: str, raised: bool) -> None:
    place = session()
    with stubbed(place, "ssm") as stub:
        for _ in range(2):
            stub.add_response("get_parameters", answer(1), {"Names": [ACME]})
        stub.add_client_error("delete_parameter", code)
        claims = SsmClaims(place)
        held = claims.identity(ACME)
        if not raised:
            assert not claims.remove(ACME, held)
            return
        with pytest.raises(AwsError, match="DeleteParameter"):
            claims.remove(ACME, held)
