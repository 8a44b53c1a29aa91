"""The account of the ARNs that `permissions` prints."""

from __future__ import annotations

from dataclasses import replace

from aurora_cfn.aws.sts import StsCaller
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.errors import AwsError, InputError
from aurora_cfn.packaging import LOCAL_ACCOUNT


def in_account(target: Target, given: str | None) -> Target:
    """The same target with its account: of `--account`, of the params file, or else of the caller.

    Raises InputError if two of them differ, AwsError if the caller cannot be asked.
    """
    environment = target.environment
    if given and environment.account and given != environment.account:
        raise InputError(f"--account is {given}, but {environment.path} says account {environment.account}")
    known = given or environment.account or (LOCAL_ACCOUNT if target.local else None)
    return replace(target, environment=replace(environment, account=known or _callers(target)))


def _callers(target: Target) -> str:
    try:
        return StsCaller(target.session).identity()[0]
    except AwsError as error:
        what = f"{target.environment.path} names no account, and AWS does not say which one it is: give --account"
        raise AwsError(f"{what} ({error})", code=error.code) from error
