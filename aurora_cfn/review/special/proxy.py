"""Changes of how clients log in at a proxy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aurora_cfn.model.change import Effect, Verdict
from aurora_cfn.model.value import Value
from aurora_cfn.review.special.context import Context


def iam_required(context: Context) -> Effect | None:
    """IAM authentication that becomes required for a secret: passwords are refused from then on.

    Source: Amazon RDS API, UserAuthConfig, IAMAuth.
    """
    if context.type != "AWS::RDS::DBProxy" or context.difference.top != "Auth":
        return None
    before, after = (list(_methods(side.properties.get("Auth"))) for side in (context.before, context.after))
    if "REQUIRED" not in after or before.count("REQUIRED") >= after.count("REQUIRED"):
        return None
    return Effect(
        Verdict.INTERRUPTION,
        "IAM authentication becomes required: clients that log in with a password are refused from then on",
        remedy="let clients log in with IAM tokens first (IAMAuth: DISABLED accepts passwords)",
        alert=True,
    )


def _methods(auth: Value) -> Iterator[Value]:
    for entry in auth if isinstance(auth, list) else ():
        if isinstance(entry, Mapping):
            yield entry.get("IAMAuth")
