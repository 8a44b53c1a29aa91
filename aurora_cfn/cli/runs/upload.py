"""The code of an environment's functions: built when the command starts, uploaded before its stack is deployed."""

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
    """The packages of the stacks that have functions, and the bucket for them."""

    def __init__(self, target: Target, stacks: Sequence[EnvironmentStack]) -> None:
        """Build the packages. Raises InputError if the environment names neither bucket nor account."""
        region = target.options.region or target.environment.region
        self.placements: Mapping[str, Placement] = placements(
            target.environment, stacks, target.templates, region=region
        )

    def parameters(self, stack: str) -> dict[str, str]:
        """CodeBucket and CodeKey of the stack; empty if it has no functions."""
        placement = self.placements.get(stack)
        return placement.parameters if placement else {}

    def upload(self, stack: str, uploads: Uploads, on_step: Callable[[str, str], None]) -> None:
        """Upload the code of the stack, if any; `on_step` gets the stack and a line. Raises as `Uploads.upload`."""
        placement = self.placements.get(stack)
        if placement is not None:
            package, step = placement.package, partial(on_step, stack)
            new = uploads.upload(package.key, package.data, f"the code of {stack} goes through a bucket", step)
            what = f"uploaded {len(package.data) / 1e6:.1f} MB of code to" if new else "its code is there already:"
            step(f"{what} {uploads.place(package.key)}")


def uploads(target: Target, consent: Callable[[str], bool]) -> Uploads:
    """Uploads to the environment's bucket; `consent` is asked before a bucket is made, but not at the emulator."""
    agreed: Callable[[str], bool] = (lambda _: True) if target.local else consent
    return Uploads(S3Objects(target.session), S3Buckets(target.session), lambda: bucket_of(target), agreed)


def bucket_of(target: Target) -> UploadBucket:
    """The bucket for the environment's uploads. Raises AwsError if the caller's account cannot be read."""
    environment, region = target.environment, target.options.region or target.environment.region
    owner = None if target.local else environment.account or StsCaller(target.session).identity()[0]
    name = upload_bucket(environment, account=owner, region=region)
    assert name is not None
    return UploadBucket(name, environment.path, owner, environment.bucket is not None, environment.tags)
