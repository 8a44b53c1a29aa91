"""What the stacks of an environment make, read and upload, as far as the policy of a command names it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from aurora_cfn.cli.runs.fleet_policy import CLIENTS, FLEET, client_stacks
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.deploy.large_template import BODY_BYTES, size
from aurora_cfn.deploy.preflight import Subject
from aurora_cfn.deploy.preflight.secret import wanted
from aurora_cfn.deploy.preflight.subject import Deployed, subject
from aurora_cfn.environment import Sources, known, ssm_names
from aurora_cfn.facts.regions import pseudo_parameters
from aurora_cfn.iam.branches import made_by_branches
from aurora_cfn.iam.stack_resources import Made, copied
from aurora_cfn.iam.trust import trusted_services
from aurora_cfn.model.resource_types import CLUSTER, INSTANCE
from aurora_cfn.packaging import upload_bucket, uploads_files
from aurora_cfn.sql.stack_databases import attached_secret
from aurora_cfn.template.resource_schema import handler_permissions

BRANCH = "branch"
"""The command whose rights end before the environment's own stacks and data."""


@dataclass(frozen=True)
class PolicyResources:
    """Resources of the environment of `target`; `copies` is a pattern for copies of its databases."""

    target: Target
    copies: str = ""

    @cached_property
    def _subjects(self) -> list[Subject]:
        """The stacks with the values that are in the params file."""
        environment, templates = self.target.environment, self.target.templates
        rows = ((row, templates.text(row.template)) for row in environment.stacks)
        return [subject(environment, row, text, known(row, environment, Sources()), Deployed()) for row, text in rows]

    @cached_property
    def made(self) -> list[Made]:
        """Every resource of the templates whose condition may hold, and those of the copies."""
        rows = ((one.name, row) for one in self._subjects for row in one.new.values())
        made = [Made(stack, row.logical_id, row.type, row.properties) for stack, row in rows]
        return [*made, *copied(made, self.copies)] if self.copies else made

    def made_by(self, name: str) -> list[Made]:
        """What the command makes, changes or deletes: for `branch` the branches alone."""
        if name == CLIENTS:
            return [row for row in self.made if row.stack in client_stacks(self.target)]
        if name == FLEET:
            return []
        return made_by_branches(self.made) if name == BRANCH else self.made

    def handler_actions(self, handlers: tuple[str, ...], name: str = "") -> list[str]:
        """Actions of these handlers of all resource types that the command works on, sorted."""
        kinds = {row.type for row in self.made_by(name)}
        found = {action for kind in kinds for action in handler_permissions(kind, handlers)}
        # CloudFormation calls the function of a custom resource with the permissions that it works with.
        custom = any(kind.startswith(("Custom::", "AWS::CloudFormation::CustomResource")) for kind in kinds)
        return sorted(found | ({"lambda:InvokeFunction"} if custom and set(handlers) - {"read"} else set()))

    def trusted(self) -> list[str]:
        """Services that the templates' roles trust, sorted: roles are passed to these only."""
        return sorted({name for one in self._subjects for name in trusted_services(one.new.values())})

    def parameters(self) -> list[str]:
        """Names of the SSM parameters that the params file refers to."""
        return list(dict.fromkeys(name for row in self.target.environment.stacks for name in ssm_names(row)))

    def uploads(self) -> bool:
        """Whether a template has code, or is too large for CreateChangeSet."""
        templates = self.target.templates
        rows = [(stack, templates[stack.template]) for stack in self.target.environment.stacks]
        return any(uploads_files(stack, row) or size(templates.text(row.name)) > BODY_BYTES for stack, row in rows)

    @cached_property
    def secrets(self) -> list[str]:
        """Names and ARNs of the secrets that the stacks read or make, sorted."""
        given = {name for one in self._subjects for name in wanted(one)}
        return sorted({*given, *(name for one in self._subjects for name in _made_secrets(one))})

    def bucket(self, region: str = "") -> str:
        """The bucket for code and templates, in the environment's own region without another one."""
        environment = self.target.environment
        return str(upload_bucket(replace(environment, region=region or environment.region)))

    def template_urls(self) -> list[str]:
        """A pattern for the addresses of the templates that are too large for CreateChangeSet."""
        region = self.target.environment.region
        return [f"https://s3.{region}.{pseudo_parameters(region)['AWS::URLSuffix']}/{self.bucket()}/*"]


def _made_secrets(one: Subject) -> Iterator[str]:
    """The names of the secrets that a stack makes for the master users of its databases."""
    for name, row in one.new.items():
        if row.type in {CLUSTER, INSTANCE} and (secret := one.new.get(attached_secret(one.new, name))):
            given = secret.properties.get("Name")
            # CloudFormation names a secret without a name after its resource.
            yield given if isinstance(given, str) else f"{secret.logical_id}-*"
