"""The least IAM policy of a command: what it grants, and the resources of an environment that limit it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aurora_cfn.cli.runs.target import Target
    from aurora_cfn.deploy.preflight import Subject
    from aurora_cfn.report.policy import Grants, Scope


def own_calls(name: str) -> Grants:
    """The actions of the command's own calls."""
    from aurora_cfn.aws.permissions import needed
    from aurora_cfn.report.policy import Grants

    return Grants(needed(name))


def any_resource(region: str | None) -> Scope:
    """All resources of all accounts, in one region if it is given."""
    from aurora_cfn.facts.regions import partition
    from aurora_cfn.report.policy import Scope

    return Scope(partition(region), region) if region else Scope()


def _subjects(target: Target) -> list[Subject]:
    """The stacks with the values of the params file; nothing is read from AWS, so a policy can be made without any."""
    from aurora_cfn.deploy.preflight.subject import Deployed, subject
    from aurora_cfn.environment import Sources, known

    environment = target.environment
    rows = ((row, target.templates.text(row.template)) for row in environment.stacks)
    return [subject(environment, row, text, known(row, environment, Sources()), Deployed()) for row, text in rows]


def grants(target: Target, name: str, *, role: bool) -> Grants:
    """What the caller of the command may do in that environment, or with `role` what CloudFormation's role may do."""
    from aurora_cfn.aws.permissions import ON_BEHALF, passes_role, reads_actuals
    from aurora_cfn.report.policy import Grants

    handlers = ON_BEHALF.get(name, ())
    behalf, trusted = _handlers(target, handlers), _trusted(target)
    # CloudFormation resolves dynamic references ({{resolve:...}}) with the permissions that it works with.
    resolves = bool(handlers and _secrets(target))
    if role:
        return Grants(on_behalf=behalf, through=False, trusted=trusted, resolves=resolves)
    given = target.environment.role_arn or ""
    passed = given if passes_role(name) else ""
    reads = _handlers(target, ("read",)) if reads_actuals(name) else ()
    if given:
        # CloudFormation works with the permissions of the role, so the caller needs none of `behalf`.
        return Grants(_needed(target, name), passed, reads=reads)
    through = [action for action in behalf if action not in reads]
    return Grants(_needed(target, name), "", through, trusted=trusted, resolves=resolves, reads=reads)


def _handlers(target: Target, handlers: tuple[str, ...]) -> list[str]:
    """Actions of these handlers of all resource types in the templates, sorted."""
    from aurora_cfn.template.resource_schema import handler_permissions

    kinds = {row.type for one in _subjects(target) for row in one.new.values()}
    return sorted({action for kind in kinds for action in handler_permissions(kind, handlers)})


def _trusted(target: Target) -> list[str]:
    """Services that the templates' roles trust, sorted: roles are passed to these only."""
    from aurora_cfn.deploy.preflight.trust import trusted_services

    return sorted({name for one in _subjects(target) for name in trusted_services(one.new.values())})


def _needed(target: Target, name: str) -> list[str]:
    """Actions of the command's calls; those of S3 and SSM only if the environment uploads or looks up something."""
    from aurora_cfn.aws.permissions import MAKING, needed

    unused = set(MAKING if target.environment.bucket else ())
    unused |= set() if _ssm(target) else {"ssm:GetParameters"}
    uploads = _uploads(target)
    return [row for row in needed(name) if row not in unused and (uploads or not row.startswith("s3:"))]


def _ssm(target: Target) -> list[str]:
    """Names of the SSM parameters that the params file refers to."""
    from aurora_cfn.environment import ssm_names

    return list(dict.fromkeys(name for row in target.environment.stacks for name in ssm_names(row)))


def _uploads(target: Target) -> bool:
    """Whether a template has code, or is too large for CreateChangeSet."""
    from aurora_cfn.deploy.large_template import BODY_BYTES, size
    from aurora_cfn.packaging import uploads_files

    rows = [(stack, target.templates[stack.template]) for stack in target.environment.stacks]
    return any(uploads_files(stack, row) or size(target.templates.text(row.name)) > BODY_BYTES for stack, row in rows)


def _secrets(target: Target) -> list[str]:
    from aurora_cfn.deploy.preflight.secret import wanted

    return sorted({name for one in _subjects(target) for name in wanted(one)})


def scope(target: Target) -> Scope:
    """The account, region, stacks, secrets, SSM parameters and bucket of the environment."""
    from aurora_cfn.facts.regions import partition
    from aurora_cfn.packaging import upload_bucket
    from aurora_cfn.report.policy import MANAGED_SECRETS, Scope

    environment = target.environment
    return Scope(
        partition(environment.region),
        environment.region,
        environment.account or "*",
        [row.name for row in environment.stacks],
        [*_secrets(target), MANAGED_SECRETS],
        _ssm(target),
        [str(upload_bucket(environment, account="*"))],
    )
