"""Conditions of a template in the emulator."""

from __future__ import annotations

from typing import Any

from ministack.services.cloudformation import engine

from aurora_cfn.local.cloudformation.template_reading import with_text_functions

CONDITIONS: dict[str, Any] = {
    "IsArn": {"Fn::Equals": [{"Fn::Select": [0, {"Fn::Split": [":", {"Ref": "Secret"}]}]}, "arn"]},
    "Joined": {"Fn::Equals": [{"Fn::Join": ["-", [{"Ref": "Secret"}, "x"]]}, "name-x"]},
    "Mapped": {"Fn::Equals": [{"Fn::FindInMap": ["Sizes", {"Ref": "Secret"}, "Size"]}, "small"]},
    "Neither": {"Fn::Not": [{"Fn::Or": [{"Condition": "IsArn"}, {"Condition": "Joined"}]}]},
}


def evaluated(secret: str) -> dict[str, bool]:
    template = {"Conditions": CONDITIONS, "Mappings": {"Sizes": {secret: {"Size": "small"}}}}
    found: dict[str, bool] = with_text_functions(engine._evaluate_conditions, template, {"Secret": {"Value": secret}})
    return found


def test_text_is_split_joined_and_looked_up() -> None:
    assert evaluated("arn:aws:s") == {"IsArn": True, "Joined": False, "Mapped": True, "Neither": False}
    assert evaluated("name") == {"IsArn": False, "Joined": True, "Mapped": True, "Neither": False}
    assert evaluated("") == {"IsArn": False, "Joined": False, "Mapped": True, "Neither": True}
