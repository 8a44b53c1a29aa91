"""The code of functions, as Lambda answers for it."""

from __future__ import annotations

import pytest

from aurora_cfn.aws.function_code import AwsFunctions
from aurora_cfn.errors import AwsError
from tests.aws.stubs import session, stubbed

ASKED = {"FunctionName": "db-dev-Query"}


def test_the_digest_of_the_deployed_zip() -> None:
    place = session()
    with stubbed(place, "lambda") as stub:
        stub.add_response("get_function_configuration", {"CodeSha256": "AbC="}, ASKED)
        stub.add_client_error("get_function_configuration", "ResourceNotFoundException", expected_params=ASKED)
        stub.add_client_error("get_function_configuration", "AccessDeniedException", expected_params=ASKED)
        functions = AwsFunctions(place)
        assert functions.code_sha256("db-dev-Query") == "AbC="
        assert functions.code_sha256("db-dev-Query") is None
        with pytest.raises(AwsError) as caught:
            functions.code_sha256("db-dev-Query")
    assert caught.value.denied
