"""From an environment to the code that its stacks need, in the bucket that it names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.model.environment import Environment, EnvironmentStack
from aurora_cfn.packaging.archive import Package, packed
from aurora_cfn.packaging.contents import contents
from aurora_cfn.template.summary import TemplateSummary

LOCAL_ACCOUNT = "000000000000"
"""The account of the emulator, where the environment names none."""
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


def built(templates: Iterable[TemplateSummary]) -> dict[str, Package]:
    """Template name to package, for the templates that have functions. Raises InputError when they cannot be built."""
    return {row.name: Package(row.name, packed(contents(row.code))) for row in templates if row.code}


def upload_bucket(environment: Environment, *, account: str | None = None, region: str = "") -> str | None:
    """The bucket for everything that is uploaded: the environment's, or one for the whole account and region.

    None when neither the environment nor the caller, with `account`, says which account that is. `region` is another
    one than the environment's.
    """
    local = LOCAL_ACCOUNT if environment.endpoint == "local" else None
    known = environment.account or account or local
    made = f"aurora-cfn-{known}-{region or environment.region}" if known else None
    return environment.bucket or made


def placements(
    environment: Environment,
    stacks: Iterable[EnvironmentStack],
    templates: Mapping[str, TemplateSummary],
    *,
    region: str = "",
) -> dict[str, Placement]:
    """Stack key to the place of its code, for stacks that have functions and do not say themselves where it lies.

    Raises InputError, with the line of each stack, when the environment names neither bucket nor account.
    """
    needing = [row for row in stacks if uploads_code(row, templates[row.template])]
    bucket = upload_bucket(environment, region=region)
    if needing and bucket is None:
        raise InputError([_no_bucket(environment, row) for row in needing])
    packages = built({row.template: templates[row.template] for row in needing}.values())
    return {row.key: Placement(row.key, str(bucket), packages[row.template]) for row in needing}


def uploads_code(stack: EnvironmentStack, template: TemplateSummary) -> bool:
    """Whether the stack has functions, and does not say itself where their code lies."""
    return bool(template.code) and not any(name in stack.parameters for name in PARAMETERS)


def _no_bucket(environment: Environment, stack: EnvironmentStack) -> Complaint:
    what = f"the functions of {stack.template} need a bucket for their code"
    hint = "add `bucket: NAME` at the top of the file, or `account:` to have one made for the account after asking"
    return Complaint(what, environment.path, stack.line, f"stacks.{stack.key}", hint)
