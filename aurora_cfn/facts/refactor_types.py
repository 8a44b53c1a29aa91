"""Resource types that a stack refactor cannot rename or move."""

from __future__ import annotations

from aurora_cfn.facts import read_facts

CUSTOM = "Custom::"
"""How the types of custom resources begin, which are AWS::CloudFormation::CustomResource under another name."""


def is_unsupported(kind: str) -> bool:
    """Whether CloudFormation is known to refuse the type in a stack refactor."""
    return kind.startswith(CUSTOM) or kind in read_facts("refactor_types")["unsupported"]
