"""What the resource types of AWS SAM become; the source is the AWS SAM specification, "Generated resources"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_MADE: Final[Mapping[str, str]] = {
    "AWS::Serverless::Api": "AWS::ApiGateway::RestApi",
    "AWS::Serverless::Application": "AWS::CloudFormation::Stack",
    "AWS::Serverless::Function": "AWS::Lambda::Function",
    "AWS::Serverless::GraphQLApi": "AWS::AppSync::GraphQLApi",
    "AWS::Serverless::HttpApi": "AWS::ApiGatewayV2::Api",
    "AWS::Serverless::SimpleTable": "AWS::DynamoDB::Table",
    "AWS::Serverless::StateMachine": "AWS::StepFunctions::StateMachine",
}
"""Those that keep their logical id; that of a LayerVersion gets a hash."""


def made_type(kind: str) -> str:
    """The type that a resource has once SAM has run: another one only for the types of SAM."""
    return _MADE.get(kind, kind)
