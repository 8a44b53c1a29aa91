"""The code of an environment's functions: built when the command starts, uploaded before its stack is deployed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from aurora_cfn.aws.account import StsCaller
from aurora_cfn.aws.buckets import S3Buckets
from aurora_cfn.aws.s3 import S3Objects
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.deploy.uploads import UploadBucket, Uploads
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.packaging import Placement, upload_bucket
from aurora_cfn.project.local_files import PackagedTemplate
from aurora_cfn.project.packaged_stacks import code_placements, packaged_stacks

if TYPE_CHECKING:
    from aurora_cfn.fleet.api_files import ApiFiles


class Code:
    """What the stacks need in the bucket: the zips of our functions, and the local files that templates name."""

    def __init__(self, target: Target, stacks: Sequence[EnvironmentStack]) -> None:
        """Build and read everything. Raises InputError if the environment names neither bucket nor account."""
        region = target.options.region or target.environment.region
        place = (target.environment, stacks, target.templates)
        self.placements: Mapping[str, Placement] = code_placements(*place, region=region)
        self.apis: Mapping[str, ApiFiles] = {key: _api_files(target) for key in _apis(target, stacks)}
        self.packaged: Mapping[str, PackagedTemplate] = packaged_stacks(
            *place, lambda bucket, key: S3Buckets(target.session).object_url(bucket, key, region), region=region
        )

    def parameters(self, stack: str) -> dict[str, str]:
        """CodeBucket and CodeKey of the stack, of an API the fleet's too; empty if it has none of our functions."""
        placement = self.placements.get(stack)
        api = self.apis[stack].parameters if stack in self.apis else {}
        return {**placement.parameters, **api} if placement else {}

    def template(self, stack: str, text: str) -> str:
        """The text of the stack's template with the addresses of its uploaded files; `text` if it names none."""
        return self.packaged[stack].text if stack in self.packaged else text

    def early(self, stack: str) -> bool:
        """Whether CloudFormation reads uploaded files of the stack while it makes a change set."""
        return stack in self.packaged and any(row.early for row in self.packaged[stack].artifacts)

    def upload(
        self,
        stack: str,
        uploads: Uploads,
        on_step: Callable[[str, str], None],
        *,
        only_early: bool = False,
        whole: bool = False,
    ) -> None:
        """Upload what the stack needs, if anything; `on_step` gets the stack and a line. Raises as `Uploads.upload`.

        `only_early`: what CloudFormation reads while it makes a change set, nested templates and included parts.
        `whole`: the packaged template too.
        """
        placement, step = self.placements.get(stack), partial(on_step, stack)
        if placement is not None and not only_early:
            _upload(placement.package.key, placement.package.data, "code", stack, uploads, step)
            for key, data in self.apis[stack].files.items() if stack in self.apis else ():
                _upload(key, data, "data on clients", stack, uploads, step)
        for row in self.packaged[stack].artifacts if stack in self.packaged else ():
            if row.early or not only_early:
                _upload(row.key, row.data, "nested template" if row.early else "code", stack, uploads, step)
        if whole and stack in self.packaged:
            packaged = self.packaged[stack]
            _upload(packaged.key, packaged.text.encode(), "template", stack, uploads, step)

    def address(self, stack: str, uploads: Uploads) -> dict[str, str]:
        """TemplateURL of the packaged template after `upload`; empty for a stack whose template names no local file."""
        packaged = self.packaged.get(stack)
        return {"TemplateURL": uploads.url(packaged.key)} if packaged else {}


def _apis(target: Target, stacks: Sequence[EnvironmentStack]) -> list[str]:
    """The keys of the stacks that are databases APIs."""
    with_code = [row for row in stacks if target.templates[row.template].code]
    if not with_code:
        return []
    # Most deployments have no functions, and load nothing of a fleet.
    from aurora_cfn.environment.databases_api import is_api

    return [row.key for row in with_code if is_api(target.templates[row.template])]


def _api_files(target: Target) -> ApiFiles:
    from aurora_cfn.fleet.api_files import api_files

    environment = target.environment
    # The loader refuses a file without a fleet.
    assert environment.fleet is not None
    name = environment.fleet.template
    return api_files(environment, target.templates[name], target.templates.text(name), target.owner.tags)


def _upload(key: str, data: bytes, what: str, stack: str, uploads: Uploads, step: Callable[[str], None]) -> None:
    new = uploads.upload(key, data, f"the {what} of {stack} goes through a bucket", step)
    # Megabytes where a number of bytes would be long.
    size = f"{len(data) / 1e6:.1f} MB" if len(data) >= 100_000 else f"{len(data):,} bytes"
    step(f"{f'uploaded {size} of {what} to' if new else f'its {what} is there already:'} {uploads.place(key)}")


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
