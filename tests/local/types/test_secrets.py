from __future__ import annotations

import json
import string
from typing import Any

import pytest
from ministack.services import secretsmanager

from aurora_cfn.local.query import ServiceError
from aurora_cfn.local.types.secrets import created, generated, secret_string

LOWER, UPPER, DIGITS, SIGNS = string.ascii_lowercase, string.ascii_uppercase, string.digits, string.punctuation


@pytest.mark.parametrize(
    ("rules", "drawn_from", "length"),
    [
        ({}, LOWER + UPPER + DIGITS + SIGNS, 32),
        ({"ExcludePunctuation": True}, LOWER + UPPER + DIGITS, 32),
        ({"ExcludePunctuation": "true"}, LOWER + UPPER + DIGITS, 32),
        ({"ExcludePunctuation": False}, LOWER + UPPER + DIGITS + SIGNS, 32),
        ({"ExcludeUppercase": True, "ExcludeCharacters": SIGNS + DIGITS, "PasswordLength": "9"}, LOWER, 9),
        ({"ExcludeLowercase": True, "ExcludeCharacters": SIGNS + DIGITS}, UPPER, 32),
        ({"IncludeSpace": True, "ExcludePunctuation": True}, LOWER + UPPER + DIGITS + " ", 32),
    ],
)  # fmt: skip
def test_a_password_keeps_to_its_rules(rules: dict[str, Any], drawn_from: str, length: int) -> None:
    for _ in range(20):
        password = generated(rules)
        assert set(password) <= set(drawn_from)
        assert len(password) == length


def test_each_class_of_characters_is_there_unless_that_is_not_required() -> None:
    for _ in range(20):
        password = generated({"PasswordLength": 5, "IncludeSpace": True})
        assert all(set(password) & set(characters) for characters in (LOWER, UPPER, DIGITS, SIGNS, " "))
    few = {generated({"PasswordLength": 2, "RequireEachIncludedType": False}) for _ in range(20)}
    assert {len(each) for each in few} == {2}


def test_the_value_of_a_secret() -> None:
    assert secret_string({"SecretString": "given"}) == "given"
    assert secret_string({}) == ""
    rules = {"SecretStringTemplate": '{"username": "boss"}', "GenerateStringKey": "secret", "PasswordLength": 12}
    found = json.loads(secret_string({"GenerateSecretString": rules}))
    assert found["username"] == "boss"
    assert len(found["secret"]) == 12


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        ({"SecretString": "x", "GenerateSecretString": {"PasswordLength": 9}}, "can't specify both"),
        ({"GenerateSecretString": {"SecretStringTemplate": "no json", "GenerateStringKey": "p"}}, "Could not parse"),
        ({"GenerateSecretString": {"SecretStringTemplate": "[]", "GenerateStringKey": "p"}}, "Could not parse"),
        ({"GenerateSecretString": {"SecretStringTemplate": "{}"}}, "must be specified together"),
        ({"GenerateSecretString": {"PasswordLength": 0}}, "between 1 and 4096"),
        ({"GenerateSecretString": {"PasswordLength": 2}}, "too short"),
        ({"GenerateSecretString": {"ExcludeCharacters": LOWER + UPPER + DIGITS + SIGNS}}, "No characters available"),
    ],
)  # fmt: skip
def test_rules_that_cannot_be_kept_are_refused(properties: dict[str, Any], said: str) -> None:
    with pytest.raises(ServiceError, match=said):
        secret_string(properties)


def test_a_secret_is_not_written_over() -> None:
    def inner(_logical_id: str, properties: dict[str, Any], _stack: str) -> tuple[str, dict[str, str]]:
        return "orders", {"Id": f"arn of {properties.get('Name')}"}

    secretsmanager._secrets["taken"] = {"Name": "taken"}
    try:
        with pytest.raises(ServiceError, match=r"secret taken already exists.*HandlerErrorCode: AlreadyExists"):
            created(inner, "Secret", {"Name": "taken"}, "orders")
        assert created(inner, "Secret", {"Name": "free"}, "orders")[0] == "arn of free"
        assert created(inner, "Secret", {}, "orders")[0] == "arn of None"
    finally:
        del secretsmanager._secrets["taken"]
