"""Functions whose code was replaced by hand, which neither a template nor CloudFormation's drift detection shows."""

from __future__ import annotations

import hashlib
import shlex
from base64 import b64encode
from collections.abc import Iterator, Mapping

from aurora_cfn.aws.function_code import AwsFunctions
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.errors import AwsError, InputError
from aurora_cfn.model.stack import Stack
from aurora_cfn.packaging import Placement, placements
from aurora_cfn.ports import Functions
from aurora_cfn.project.handler_folders import handler_files

FUNCTION = "AWS::Lambda::Function"


def swapped_code(target: Target, stacks: Mapping[str, Stack]) -> tuple[str, ...]:
    """A line for each function that runs other code than the zip that its stack is deployed with, and how to undo that.

    `stacks` are deployed, by key. A stack with the code of another version is left out: its key differs, which `diff`
    shows.
    """
    try:
        chosen = [row for row in target.environment.stacks if row.key in stacks]
        own = handler_files(target.environment, chosen)
        placed = placements(target.environment, chosen, target.templates, region=target.options.region or "", own=own)
    except InputError:
        # Without a bucket or an account nothing of ours can have been deployed.
        return ()
    return tuple(
        line
        for key, placement in placed.items()
        if stacks[key].parameters.get("CodeKey") == placement.package.key
        for line in _swapped(target, stacks[key], placement, AwsFunctions(target.session))
    )


def _swapped(target: Target, stack: Stack, placement: Placement, functions: Functions) -> Iterator[str]:
    # Lambda gives the digest of the zip in Base64 (API reference, FunctionConfiguration).
    packaged = b64encode(hashlib.sha256(placement.package.data).digest()).decode()
    try:
        rows = [row for row in target.cloudformation.resources(stack.arn) if row.type == FUNCTION and row.exists]
        found = {row: functions.code_sha256(row.physical_id) for row in rows}
    except AwsError as error:
        if not error.denied:
            raise
        yield f"{stack.name}: whether its functions run the packaged code is not known: {error}"
        return
    for row, digest in found.items():
        if digest not in {None, packaged}:
            command = f"aws lambda update-function-code --function-name {row.physical_id}"
            place = f"--s3-bucket {stack.parameters.get('CodeBucket')} --s3-key {placement.package.key}"
            yield (
                f"{stack.name}: {row.logical_id} runs code that was not deployed (CodeSha256 {digest}, packaged "
                f"{packaged}); CloudFormation sees no difference, and `aurora-cfn deploy` does not change it while the "
                f"template stays the same: put it back with `{command} {place}{_where(target)}`"
            )


def _where(target: Target) -> str:
    """The options with which the AWS CLI reaches the environment; the emulator's keys come from `local env`."""
    place = target.session.connection
    given = {"--region": place.region, "--profile": place.profile, "--endpoint-url": place.endpoint_url}
    return "".join(f" {name} {shlex.quote(value)}" for name, value in given.items() if value)
