"""From an environment to the code that its stacks need, in the bucket that it names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aurora_cfn.blueprint import Blueprint
from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.model.environment import Environment, EnvironmentStack
from aurora_cfn.packaging.archive import Package, packed
from aurora_cfn.packaging.contents import contents
from aurora_cfn.ports import Objects

LOCAL_BUCKET = "aurora-cfn-code"
"""The emulator's bucket for environments that name none; it is made on demand."""
PARAMETERS = ("CodeBucket", "CodeKey")


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the code of one stack belongs."""

    stack: str
    bucket: str
    package: Package

    @property
    def parameters(self) -> dict[str, str]:
        """The stack's parameters that name the code."""
        return dict(zip(PARAMETERS, (self.bucket, self.package.key), strict=True))


def built(blueprints: Iterable[Blueprint]) -> dict[str, Package]:
    """Template name to package, for the blueprints that have functions. Raises InputError when they cannot be built."""
    return {row.name: Package(row.name, packed(contents(row.code))) for row in blueprints if row.code}


def placements(
    environment: Environment, stacks: Iterable[EnvironmentStack], blueprints: Mapping[str, Blueprint]
) -> dict[str, Placement]:
    """Stack key to the place of its code, for stacks that have functions and do not say themselves where it lies.

    Raises InputError, with the line of each stack, when the environment names no bucket.
    """
    needing = [row for row in stacks if blueprints[row.template].code and not _said(row)]
    bucket = environment.bucket or (LOCAL_BUCKET if environment.endpoint == "local" else None)
    if needing and bucket is None:
        raise InputError([_no_bucket(environment, row) for row in needing])
    packages = built({row.template: blueprints[row.template] for row in needing}.values())
    return {row.key: Placement(row.key, str(bucket), packages[row.template]) for row in needing}


def place(placement: Placement, objects: Objects, *, owner: str | None, make_bucket: bool = False) -> bool:
    """Upload unless the bucket has it; gives back whether it was uploaded. Raises AwsError when S3 refuses.

    `owner` is the account that the bucket must belong to, when it is known.
    """
    if make_bucket:
        objects.make_bucket(placement.bucket)
    if objects.exists(placement.bucket, placement.package.key, owner=owner):
        return False
    objects.put(placement.bucket, placement.package.key, placement.package.data, owner=owner)
    return True


def _said(stack: EnvironmentStack) -> bool:
    return any(name in stack.parameters for name in PARAMETERS)


def _no_bucket(environment: Environment, stack: EnvironmentStack) -> Complaint:
    what = f"the functions of {stack.template} need a bucket for their code"
    return Complaint(
        what, environment.path, stack.line, f"stacks.{stack.key}", "add `bucket: NAME` at the top of the file"
    )
