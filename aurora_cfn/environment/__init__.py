"""Environments: params text and the templates' tables give an Environment, or every complaint at once.

`load` reads a file's text, `resolved` fills in references just before a stack is deployed, `graph` has the order of
deployment, and `schema_text` is the JSON Schema of what `load` accepts.
"""

from aurora_cfn.environment.loader import load
from aurora_cfn.environment.names import check_environment_name, region_doubt, region_fault, stack_name
from aurora_cfn.environment.resolver import Sources, known, resolved, shell_complaints, ssm_names
from aurora_cfn.environment.schema import schema, schema_text

__all__ = [
    "Sources",
    "check_environment_name",
    "known",
    "load",
    "region_doubt",
    "region_fault",
    "resolved",
    "schema",
    "schema_text",
    "shell_complaints",
    "ssm_names",
    "stack_name",
]
