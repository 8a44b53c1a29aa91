"""What a database is called: its parameters, the identifier that follows from them, and what is named after it."""

from __future__ import annotations

from troposphere import If, Ref, Sub

from aurora_cfn.blueprint import ParameterGroup
from aurora_cfn.blueprints.checks.database import default_suffix, own_name
from aurora_cfn.blueprints.parts.conditions import given
from aurora_cfn.parameters import Parameter

# Every RDS identifier has at most 63 characters; the instances of a cluster add a hyphen and a digit to its own.
_LONGEST = {"cluster": 61, "instance": 63}


def identifier_group(kind: str) -> ParameterGroup:
    """EnvironmentName, and ClusterName or InstanceName: `kind` is cluster or instance."""
    own = own_name(kind)
    rows = (
        Parameter(
            "EnvironmentName",
            f"Environment that the stack belongs to, and the start of the {kind}'s name."
            f" {replaces(kind, f'While {own} is empty, changing it')}",
            default="dev", pattern="^[a-z][a-z0-9-]{0,30}$",
            constraint="lower-case letters, digits and hyphens, starting with a letter, at most 31",
        ),
        Parameter(
            own,
            f"Identifier of the {kind}. Empty: <EnvironmentName>-{default_suffix(kind)}. A second {kind} of the same"
            f" environment in one account and region needs one. {replaces(kind)}",
            default="", pattern=f"^$|^[a-z](-?[a-z0-9]){{0,{_LONGEST[kind] - 1}}}$",
            constraint="empty, or lower-case letters, digits and single hyphens, starting with a letter, at most"
            f" {_LONGEST[kind]}",
            max_length=_LONGEST[kind],
        ),
    )  # fmt: skip
    return ParameterGroup(rows, conditions={f"Has{own}": given(own)})


def database_name_group(kind: str) -> ParameterGroup:
    """DatabaseName."""
    row = Parameter(
        "DatabaseName", f"Database that is made with the {kind}. {replaces(kind)}",
        default="temporal", group="Database", pattern="^[A-Za-z][A-Za-z0-9_]{0,62}$",
        constraint="letters, digits and underscores, starting with a letter, at most 63",
    )  # fmt: skip
    return ParameterGroup((row,))


def replaces(kind: str, subject: str = "Changing it") -> str:
    """The sentence for a parameter whose change makes a new database."""
    return f"{subject} replaces the {kind} by an empty one; the old {kind} leaves a final snapshot."


def identifier(kind: str, text: str = "%s") -> If:
    """A text with the database's identifier, known before the database exists: log groups are named after it."""
    own = own_name(kind)
    whole = Ref(own) if text == "%s" else Sub(text % f"${{{own}}}")
    return If(f"Has{own}", whole, Sub(text % f"${{EnvironmentName}}-{default_suffix(kind)}"))
