"""From the name of an environment to its values and to the connection that reaches it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.runs.secret_ids import SecretIds
from aurora_cfn.cli.runs.secret_values import MaskedParameters, SecretValues
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.environment import load
from aurora_cfn.model.environment import Environment, EnvironmentStack
from aurora_cfn.model.ownership import Ownership
from aurora_cfn.model.stack import Stack
from aurora_cfn.model.value import Value
from aurora_cfn.project.files import PARAMS, environment_file, read_text
from aurora_cfn.project.identity import project_name
from aurora_cfn.project.templates import ProjectTemplates
from aurora_cfn.template.summary import TemplateSummary

if TYPE_CHECKING:
    from aurora_cfn.aws.cloudformation import AwsCloudFormation
    from aurora_cfn.aws.rds import AwsDatabases
    from aurora_cfn.aws.session import Session
    from aurora_cfn.model.plan import DesiredStack


@dataclass(frozen=True)
class Target:
    """An environment, with the session made when AWS is first needed."""

    environment: Environment
    templates: ProjectTemplates
    options: AwsOptions

    @property
    def local(self) -> bool:
        """Whether it is the embedded emulator."""
        return self.environment.endpoint == "local"

    @cached_property
    def project(self) -> str:
        """The name of the project, which the stacks are tagged with."""
        return project_name(self.environment.project)

    @property
    def owner(self) -> Ownership:
        """The project and the environment, as tags of stacks name them."""
        return Ownership(self.project, self.environment.name)

    @property
    def tags(self) -> dict[str, str]:
        """The tags of what a command makes outside of stacks."""
        return {**self.environment.tags, **self.owner.tags}

    @property
    def cli_options(self) -> str:
        """`--env NAME` and the connection options of the command line, for commands in messages."""
        return f"--env {self.environment.name}{self.options.spelled}"

    @cached_property
    def session(self) -> Session:
        """The one session of the command; starts the emulator when the environment is local."""
        from aurora_cfn.aws.session import Connection
        from aurora_cfn.cli.terminal.prompt import session

        region = self.environment.region
        endpoint = self.options.endpoint_url
        if not self.local:
            return session(Connection(region, self.options.profile or self.environment.profile, endpoint))
        # No profile: a real one must not sign calls that go to this machine.
        return session(Connection(region, None, endpoint or _emulator(), _keys()))

    @property
    def endpoint(self) -> str:
        """`AWS`, `local` for the embedded emulator, whose port may change, or the URL that the calls go to.

        Raises AwsError as `Session.client`.
        """
        if self.local and not self.options.endpoint_url:
            return "local"
        # Of the client: the URL may be set in the profile or in AWS_ENDPOINT_URL too.
        url = str(self.session.client("cloudformation").meta.endpoint_url).rstrip("/")
        # VPC endpoints and those for FIPS have other names, and are the same AWS; an account has its number.
        of_aws = re.search(r"\.(amazonaws\.(com|com\.cn|eu)|api\.aws|api\.amazonwebservices\.com\.cn)$", url)
        return "AWS" if of_aws else url.replace("//localhost", "//127.0.0.1")

    @cached_property
    def secrets(self) -> SecretValues:
        """The values of the environment that may be secret."""
        return SecretValues(self.environment, self.templates)

    @cached_property
    def secret_ids(self) -> SecretIds:
        """The physical ids that are made of these values."""
        return SecretIds(self.secrets)

    @cached_property
    def cloudformation(self) -> AwsCloudFormation:
        """The port on the session; what is secret of a stack and its nested ones is masked as soon as it is read."""
        from aurora_cfn.aws.cloudformation import AwsCloudFormation

        return AwsCloudFormation(self.session, self.secret_ids.seen, self.secret_ids.listed)

    @property
    def databases(self) -> AwsDatabases:
        """The clusters and instances of RDS."""
        from aurora_cfn.aws.rds import AwsDatabases

        return AwsDatabases(self.session)

    def desired(self, entry: EnvironmentStack, template: str = "") -> DesiredStack:
        """The stack of the entry as it should be; without a text, the deployed template stays."""
        from aurora_cfn.deploy.desired import desired

        return desired(self.environment, entry, self.templates[entry.template], template)

    def shown_outputs(self, stack: Stack, template: Mapping[str, Value] | None = None) -> dict[str, str]:
        """The stack's outputs, masked where they hold a secret; `template` is the deployed one, where it was read."""
        return self.secret_ids.shown_outputs(self.cloudformation, stack, template)

    @property
    def ssm_parameters(self) -> MaskedParameters:
        """SSM parameters, which are masked as soon as they are read."""
        from aurora_cfn.aws.ssm import SsmParameters

        return MaskedParameters(SsmParameters(self.session), self.secrets)

    def in_region(self, region: str) -> Target:
        """The target for the environment in another region, with the same credentials."""
        made = Target(replace(self.environment, region=region), self.templates, replace(self.options, region=region))
        vars(made)["session"] = self.session.in_region(region)  # where cached_property keeps it
        return made

    def with_environment(self, environment: Environment) -> Target:
        """The same target for another revision of the params file; one session, so that one MFA code is enough."""
        made = replace(self, environment=environment)
        vars(made)["session"] = self.session  # where cached_property keeps it
        return made


def read_target(name: str, options: AwsOptions, *, deployable: bool = True, without_stacks: bool = False) -> Target:
    """The environment of that name, read from `params/`, in the region of the command line where that names one.

    A command that only looks at what is deployed needs no `deployable` environment: the checks that only blueprints
    have are left out then, so that the logs can be read although `deploy` refuses a value. The file may be
    `without_stacks` for one that writes the first.

    Raises InputError with everything that is wrong in it.
    """
    templates = project_templates(deployable=deployable)
    environment = read_environment(name, templates=templates, without_stacks=without_stacks)
    return Target(replace(environment, region=options.region or environment.region), templates, options)


def project_templates(*, deployable: bool = True) -> ProjectTemplates:
    """The templates of the project in this folder, and the blueprints of the program."""
    from aurora_cfn.blueprints import BY_NAME
    from aurora_cfn.blueprints.unrendered import unrendered

    return ProjectTemplates(BY_NAME, deployable=deployable, unrendered=unrendered)


def read_environment(
    name: str,
    folder: Path = PARAMS,
    *,
    templates: Mapping[str, TemplateSummary] | None = None,
    without_stacks: bool = False,
) -> Environment:
    """The environment of that name, its warnings printed on stderr; raises InputError with every complaint."""
    path = environment_file(name, folder)
    known = project_templates() if templates is None else templates
    environment = load(read_text(path), str(path), name, known, without_stacks=without_stacks)
    SecretValues(environment, known).hide_written(os.environ)
    for warning in environment.warnings:
        info(f"{warning.path}:{warning.line}: {warning.key}: {warning.message}", "warning")
    return environment


def _emulator() -> str:
    from aurora_cfn.local.launcher import ensure_running

    server = ensure_running()
    if server.started:
        info(f"started the emulator at {server.endpoint}")
    if server.other_version:
        info(server.other_version, "warning")
    return server.endpoint


def _keys() -> tuple[str, str]:
    """The emulator's own keys: real credentials are not sent to the endpoint of a local environment."""
    from aurora_cfn.local.home import home_from
    from aurora_cfn.local.keys import keys_of

    found = keys_of(home_from(os.environ))
    return found.access_key_id, found.secret_access_key
