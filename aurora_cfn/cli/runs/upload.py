"""The code of an environment's functions: built when the command starts, uploaded before a stack needs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from aurora_cfn.aws.buckets import S3Buckets
from aurora_cfn.aws.s3 import S3Objects
from aurora_cfn.aws.sts import StsCaller
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.deploy.uploads import UploadBucket, Uploads
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.packaging import Placement, placements, upload_bucket


class Code:
    """The packages of the stacks that have functions, and where they belong."""

    def __init__(self, target: Target, stacks: Sequence[EnvironmentStack]) -> None:
        """Build what the stacks need. Raises InputError when nobody can say which bucket it belongs into."""
        region = target.options.region or target.environment.region
        self.placements: Mapping[str, Placement] = placements(
            target.environment, stacks, target.templates, region=region
        )

    def parameters(self, stack: str) -> dict[str, str]:
        """The parameters that name the code of the stack, wherever it is; empty when the stack has none."""
        placement = self.placements.get(stack)
        return placement.parameters if placement else {}

    def upload(self, stack: str, uploads: Uploads, tell: Callable[[str, str], None]) -> None:
        """Put the code of the stack where its parameters say, if it has any; `tell` gets the stack and a line.

        Raises what `Uploads.upload` raises.
        """
        placement = self.placements.get(stack)
        if placement is not None:
            package, say = placement.package, partial(tell, stack)
            new = uploads.upload(package.key, package.data, f"the code of {stack} goes through a bucket", say)
            told = f"uploaded {len(package.data) / 1e6:.1f} MB of code to" if new else "its code is there already:"
            say(f"{told} {uploads.place(package.key)}")


def uploads(target: Target, consent: Callable[[str], bool]) -> Uploads:
    """What puts things into the bucket of the environment; `consent` is asked before one is made.

    The emulator's is made without asking.
    """
    agreed: Callable[[str], bool] = (lambda _: True) if target.local else consent
    return Uploads(S3Objects(target.session), S3Buckets(target.session), lambda: bucket_of(target), agreed)


def bucket_of(target: Target) -> UploadBucket:
    """Which bucket takes the uploads of the environment. Raises AwsError when the caller's account cannot be had."""
    environment, region = target.environment, target.options.region or target.environment.region
    owner = None if target.local else environment.account or StsCaller(target.session).identity()[0]
    name = upload_bucket(environment, account=owner, region=region)
    assert name is not None
    return UploadBucket(name, environment.path, owner, environment.bucket is not None, environment.tags)
