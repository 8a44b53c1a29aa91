"""A project folder and whole commands in it, against the loopback endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner, Result

from aurora_cfn.aws.permissions import CALLS
from aurora_cfn.cli import root
from tests.scripted.endpoint import Endpoint

KEYS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_EC2_METADATA_DISABLED": "true"}
SIGNING_IN = frozenset({"AssumeRole", "AssumeRoleWithWebIdentity", "GetRoleCredentials"})
"""What botocore calls to get credentials, before there is a caller who could be given a permission."""
PARAMS = """\
region: eu-west-1
account: "123456789012"
stacks:
  db:
    template: aurora-serverless-postgres
    parameters:
      MaxCapacity: 8
"""


def permitted(command: str) -> set[str]:
    """Operations that the command may call, as the table of permissions has them."""
    return {row.partition(":")[2] for row in CALLS.get(command, ())}


@dataclass(frozen=True)
class Project:
    """A folder with templates/ and params/dev.yaml, which is the working directory of the test."""

    folder: Path
    endpoint: Endpoint

    def run(self, *arguments: str, text: str | None = None, environ: Mapping[str, str | None] | None = None) -> Result:
        """One command; credentials are given unless `environ` says otherwise."""
        none = str(self.folder / "none")
        given = {"AWS_CONFIG_FILE": none, "AWS_SHARED_CREDENTIALS_FILE": none, **KEYS, **(environ or {})}
        before = len(self.endpoint.actions)
        result = CliRunner().invoke(root, list(arguments), input=text, env=given)
        # Checked in every test: AWS gets no call that `permissions` does not list.
        verb = next((word for word in arguments if not word.startswith("-")), "")
        unlisted = {*self.endpoint.actions[before:]} - permitted(verb) - SIGNING_IN
        assert not unlisted, f"{arguments}: {unlisted} are not in aurora_cfn/aws/permissions.py"
        return result

    def deploy(self, *arguments: str, text: str | None = None, looking: bool = False) -> Result:
        """`deploy --env dev` against the endpoint, behind which no database can prove itself.

        Unless `looking`, it does not ask first what would go wrong.
        """
        address = ("--endpoint-url", self.endpoint.url, "--no-proof", *(() if looking else ("--no-preflight",)))
        return self.run("deploy", "--env", "dev", *address, *arguments, text=text)

    def write(self, params: str, name: str = "dev") -> None:
        (self.folder / "params" / f"{name}.yaml").write_text(params)


def project(folder: Path, endpoint: Endpoint, templates: Mapping[str, str]) -> Project:
    (folder / "templates").mkdir()
    (folder / "params").mkdir()
    for name, text in templates.items():
        (folder / "templates" / f"{name}.yaml").write_text(text)
    made = Project(folder, endpoint)
    made.write(PARAMS)
    return made
