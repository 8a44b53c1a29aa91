"""A template's own rules are broken offline, where the file takes part in them."""

from __future__ import annotations

import pytest

from aurora_cfn.environment import load
from aurora_cfn.errors import InputError
from tests.blueprints.known import KNOWN

HEAD = "region: eu-west-1\nstacks:\n  db:\n    template: aurora-serverless-postgres\n    parameters:\n"


def test_a_broken_rule_is_shown_in_its_own_words_with_the_line() -> None:
    text = HEAD + "      AutoMinorVersionUpgrade: true\n      EngineVersion: '17.7'\n"
    with pytest.raises(InputError, match=r"f:7: stacks.db.parameters: AutoMinorVersionUpgrade needs an EngineVersion"):
        load(text, "f", "dev", KNOWN)


@pytest.mark.parametrize("more", ["EngineVersion: '17'", "EngineVersion: {env: VERSION}"])
def test_a_rule_that_holds_or_is_not_known_yet_is_left_alone(more: str) -> None:
    assert load(HEAD + f"      AutoMinorVersionUpgrade: true\n      {more}\n", "f", "dev", KNOWN).stacks


def test_a_rule_about_what_the_file_does_not_say_is_left_to_the_deployment() -> None:
    assert load(HEAD + "      MaxCapacity: 4\n", "f", "dev", KNOWN).stacks
