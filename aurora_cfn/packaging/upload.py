"""Where the code of an environment's stacks is uploaded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.model.environment import Environment, EnvironmentStack
from aurora_cfn.packaging.archive import Package, packed
from aurora_cfn.packaging.contents import contents
from aurora_cfn.template.local_paths import local_paths
from aurora_cfn.template.summary import TemplateSummary

LOCAL_ACCOUNT = "000000000000"
"""The emulator's account, if the environment names none."""
PARAMETERS = ("CodeBucket", "CodeKey")


@dataclass(frozen=True, slots=True)
class Placement:
    """The package of a stack and the bucket for it."""

    bucket: str
    package: Package

    @property
    def parameters(self) -> dict[str, str]:
        """The values of CodeBucket and CodeKey."""
        return dict(zip(PARAMETERS, (self.bucket, self.package.key), strict=True))


def built(templates: Iterable[TemplateSummary]) -> dict[str, Package]:
    """Packages by template, for the templates with functions. Raises InputError if they cannot be built."""
    return {row.name: Package(row.name, packed(contents(row.code))) for row in templates if row.code}


def upload_bucket(environment: Environment, *, account: str | None = None, region: str = "") -> str | None:
    """The bucket for code and templates: the environment's, or the one of aurora-cfn for the account and region.

    None if the account is unknown: neither the environment nor `account` names it. `region` is --region.
    """
    local = LOCAL_ACCOUNT if environment.endpoint == "local" else None
    # The account in the name: bucket names are unique over all accounts of a partition.
    known = environment.account or account or local
    made = f"aurora-cfn-{known}-{region or environment.region}" if known else None
    return environment.bucket or made


def placements(
    environment: Environment,
    stacks: Iterable[EnvironmentStack],
    templates: Mapping[str, TemplateSummary],
    *,
    region: str = "",
    own: Mapping[str, Mapping[str, bytes]] | None = None,
) -> dict[str, Placement]:
    """Placements by stack key, for stacks with functions whose params file sets no CodeBucket or CodeKey.

    `own` are the files of the folders that stacks name as `handlers`, by stack key and path below the folder.
    Raises InputError for wrong ones, and with the line of each stack if the environment names neither bucket nor
    account.
    """
    needing = [row for row in stacks if uploads_code(row, templates[row.template])]
    bucket = upload_bucket(environment, region=region)
    if needing and bucket is None:
        raise InputError(
            [no_bucket(environment, row, "the functions of {} need a bucket for their code") for row in needing]
        )
    packages = built({row.template: templates[row.template] for row in needing if not row.handlers}.values())
    return {
        row.key: Placement(
            str(bucket),
            _of_folder(environment, row, templates[row.template], (own or {})[row.key])
            if row.handlers
            else packages[row.template],
        )
        for row in needing
    }


def _of_folder(
    environment: Environment, stack: EnvironmentStack, template: TemplateSummary, files: Mapping[str, bytes]
) -> Package:
    """The package of the stack's own handlers. Raises InputError, with the folder before the names of the files."""
    try:
        return Package(template.name, packed(contents(template.code, files)))
    except InputError as error:
        where = f"{environment.path}:{stack.line} (stacks.{stack.key}.handlers) names this folder"
        raise InputError(
            [replace(row, path=f"{stack.handlers}/{row.path}", hint=row.hint or where) for row in error.complaints]
        ) from None


def uploads_files(stack: EnvironmentStack, template: TemplateSummary) -> bool:
    """Whether the stack needs a bucket: for its functions, or for local files that its template names."""
    return uploads_code(stack, template) or bool(local_paths(template.template))


def uploads_code(stack: EnvironmentStack, template: TemplateSummary) -> bool:
    """Whether the stack has functions, and its params file sets no CodeBucket or CodeKey."""
    return bool(template.code) and not any(name in stack.parameters for name in PARAMETERS)


def no_bucket(environment: Environment, stack: EnvironmentStack, need: str) -> Complaint:
    """The complaint that the environment names neither bucket nor account; `need` says what for."""
    what = need.format(stack.template)
    hint = "add `bucket: NAME` at the top of the file, or `account:` so that one is made for the account after asking"
    return Complaint(what, environment.path, stack.line, f"stacks.{stack.key}", hint)
