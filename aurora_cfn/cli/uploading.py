"""The bucket of an environment, with what puts things into it."""

from __future__ import annotations

from collections.abc import Callable

from aurora_cfn.aws.buckets import S3Buckets
from aurora_cfn.aws.caller import StsCaller
from aurora_cfn.aws.s3 import S3Objects
from aurora_cfn.cli.target import Target
from aurora_cfn.deploy.uploads import UploadBucket, Uploads
from aurora_cfn.packaging import upload_bucket


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
