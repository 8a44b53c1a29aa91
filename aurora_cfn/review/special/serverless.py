"""SAM's resources, which have no schema: properties that replace what they become.

Source: AWS SAM specification (generated resources) and the schemas of AWS::DynamoDB::Table, AWS::Lambda::Function,
AWS::StepFunctions::StateMachine and AWS::ApiGatewayV2::Api.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

REPLACING: Final[Mapping[str, tuple[str, ...]]] = {
    "AWS::Serverless::SimpleTable": ("TableName", "PrimaryKey"),
    "AWS::Serverless::Function": ("FunctionName", "PackageType"),
    "AWS::Serverless::StateMachine": ("Name", "Type"),
    "AWS::Serverless::LayerVersion": ("LayerName", "ContentUri", "CompatibleRuntimes", "CompatibleArchitectures"),
}
