"""Templates that are too large for a call: uploaded to a bucket, under a key derived from their contents."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import partial

from aurora_cfn.deploy.context import Context
from aurora_cfn.errors import DeployError, InputError
from aurora_cfn.model.change_set import ChangeSetRequest
from aurora_cfn.model.plan import DesiredStack

BODY_BYTES = 51_200
"""The largest template that fits into a call (quotas of CloudFormation, read 2026-11)."""
MOST_BYTES = 1_000_000
"""The largest template at all: the 1 MB of the quotas, in the bytes that CloudFormation's refusal names (2026-11)."""


def size(template: str) -> int:
    """Bytes of the template as it is sent, in UTF-8."""
    return len(template.encode())


def template_key(name: str, template: str) -> str:
    """Its key in the bucket, with a hash of the text: the same text is uploaded once, another beside it."""
    # 128 bits of the hash are enough to distinguish texts, and keep the URL short.
    return f"aurora-cfn/{name}/{hashlib.sha256(template.encode()).hexdigest()[:32]}.yaml"


def why_large(desired: DesiredStack, template: str) -> str:
    """Why the stack needs a bucket, empty when it needs none. Raises InputError when the template is too large at all.

    `template` is what is submitted, which for an import is not the project's.
    """
    # Bytes, not characters: the quotas of CloudFormation are in bytes.
    bytes_ = size(template)
    where = desired.entry.template_file
    if bytes_ > MOST_BYTES:
        what = f"{where}: {bytes_:,} bytes, and CloudFormation takes {MOST_BYTES:,} at most"
        raise InputError(f"{what}: divide it among several stacks; nothing was sent")
    if bytes_ <= BODY_BYTES:
        return ""
    return f"the template of {desired.name} has {bytes_:,} bytes; over {BODY_BYTES:,} it goes through a bucket"


def handed_over(context: Context, desired: DesiredStack, request: ChangeSetRequest) -> ChangeSetRequest:
    """The request, with the URL of the uploaded template instead of its text where that is too large for a call.

    Raises as `submitted`.
    """
    template, url = submitted(context, desired, request.template)
    return replace(request, template=template, template_url=url or request.template_url)


def submitted(context: Context, desired: DesiredStack, template: str) -> tuple[str, str]:
    """The text of the template and no URL, or where it is too large for a call no text and the URL of the upload.

    Raises InputError over CloudFormation's own limit, DeclinedError when the bucket may not be made, and AwsError.
    """
    why = why_large(desired, template)
    if not why:
        return template, ""
    uploads = context.uploads
    if uploads is None:
        raise DeployError(why)
    key = template_key(desired.entry.template, template)
    show = partial(context.listener.step, desired.key)
    new = uploads.upload(key, template.encode(), why, show)
    what = f"uploaded its template ({size(template):,} bytes) to" if new else "its template is there already:"
    show(f"{what} {uploads.place(key)}")
    return "", uploads.url(key)


def why_bucket_needed(context: Context, desired: DesiredStack) -> str:
    """Why a bucket must be made before the change set; empty when none must. Raises as `handed_over`."""
    why = why_large(desired, desired.template)
    reason = context.uploads.why_not_ready() if why and context.uploads else ""
    return f"{why}, and {reason}" if reason else ""
