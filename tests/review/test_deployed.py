"""What is deployed beside what is wanted."""

from __future__ import annotations

import pytest

from aurora_cfn.model.change import Verdict
from aurora_cfn.model.environment import OutputRef
from aurora_cfn.model.stack import Stack
from aurora_cfn.review.changes import changes
from aurora_cfn.review.deployed import Wanted, protection_change, sides

ARN = "arn:aws:cloudformation:eu-west-1:123456789012:stack/db/1"
TEMPLATE = """\
Parameters:
  Password: {Type: String, NoEcho: true, Default: canary}
  Port: {Type: Number, Default: 5432}
Resources:
  DBCluster:
    Type: AWS::RDS::DBCluster
    Properties: {MasterUserPassword: !Ref Password, Port: !Ref Port}
"""


def stack(status: str = "UPDATE_COMPLETE", **parameters: str) -> Stack:
    return Stack(ARN, "db", status, parameters=parameters, tags={"a": "1"})


def wanted(template: str = TEMPLATE, **parameters: str) -> Wanted:
    return Wanted("db", "templates/db.yaml", template, parameters, {"a": "1"}, "eu-west-1")


def test_values_that_aws_does_not_return_are_named_and_not_compared() -> None:
    pair = sides(stack(Password="****", Port="5432"), TEMPLATE, wanted(Password="another-canary"))
    assert pair.notes == ("not comparable, AWS does not return their values (NoEcho): Password",)
    assert changes(pair.before, pair.after) == ()


def test_other_values_are_compared_beside_them() -> None:
    pair = sides(stack(Password="****", Port="5432"), TEMPLATE, wanted(Port="5433"))
    found = changes(pair.before, pair.after)
    assert [effect.key for effect in found[0].effects] == ["Properties.Port"]
    assert "canary" not in repr(found)


def test_a_value_that_is_not_known_yet_may_differ() -> None:
    row = Wanted("db", "t.yaml", TEMPLATE, {"Port": OutputRef("net", "Port")}, {"a": "1"})
    pair = sides(stack(Port="5432", Password="****"), TEMPLATE, row)
    (effect,) = changes(pair.before, pair.after)[0].effects
    assert (effect.verdict, effect.maybe) == (Verdict.INTERRUPTION, True)


def test_values_from_ssm_or_the_shell_are_compared_but_not_shown() -> None:
    row = Wanted("db", "t.yaml", TEMPLATE, {"Port": "7001"}, {"a": "1"}, secrets=frozenset({"Port"}))
    pair = sides(stack(Port="7002", Password="****"), TEMPLATE, row)
    found = changes(pair.before, pair.after)
    assert found[0].effects[0].key == "Properties.Port"
    assert "7001" not in repr(found)
    assert "7002" not in repr(found)


@pytest.mark.parametrize("status", ["REVIEW_IN_PROGRESS", "DELETE_COMPLETE"])
def test_what_does_not_exist_is_all_new(status: str) -> None:
    for there in (None, stack(status)):
        pair = sides(there, "", wanted())
        assert {change.kind for change in changes(pair.before, pair.after)} == {"add"}
        assert protection_change(there, wanted()) == ()


def test_protection_that_goes_off_alerts() -> None:
    on = Stack(ARN, "db", "UPDATE_COMPLETE", protected=True)
    (change,) = protection_change(on, wanted())
    assert change.alert
    assert (change.effects[0].before, change.effects[0].after) == ("on", "off")
    (back,) = protection_change(stack(), Wanted("db", "t", TEMPLATE, {}, {}, protect=True))
    assert not back.alert
