"""The files that `aurora-cfn init` writes into an empty repository."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

# Without the leading dot in the package, since packaging tools leave such files out.
_PLACES = {
    "github/workflows/aurora-cfn.yml": ".github/workflows/aurora-cfn.yml",
    "github/workflows/aurora-cfn-deploy.yml": ".github/workflows/aurora-cfn-deploy.yml",
    "pre-commit-config.yaml": ".pre-commit-config.yaml",
    "gitattributes": ".gitattributes",
    "params/local.yaml": "params/local.yaml",
    "params/dev.yaml": "params/dev.yaml",
    "params/production.yaml": "params/production.yaml",
    "README.md": "README.md",
}
_NETWORK = """\
  network:
    template: network
    parameters:
      NatGateways: none          # databases need no access to the internet

"""
_IN_NETWORK = "      NetworkStackName: {stack: network}\n"
# The commits of tags: what a tag names can be changed, a commit cannot.
_CHECKOUT_ACTION = "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683  # v4.2.2"
_PYTHON_ACTION = "actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065  # v5.6.0"
_CREDENTIALS_ACTION = "aws-actions/configure-aws-credentials@ececac1a45f3b08a01d2dd070d28d111c5fe6722  # v4.1.0"
_CHECKOUT = f"""\
      - uses: {_CHECKOUT_ACTION}
        with:
          fetch-depth: 0
          persist-credentials: false

      - uses: {_PYTHON_ACTION}
        with:
          python-version: "3.13"

      - name: Install
        id: install
        run: |
          if [ -f requirements.lock ]; then
            pip install --require-hashes -r requirements.lock
          else
            @INSTALL@
          fi

"""
_UNREACHABLE = (
    "echo '::error::write here how to install aurora-cfn: init ran from a folder of one machine, which no runner can"
    " reach'; exit 1"
)


@dataclass(frozen=True, slots=True)
class Answers:
    """What a new project is made of.

    `account` and `email` may be empty. `network` asks for a network stack in each environment. `requirement` is what
    pip is given to install aurora-cfn, None where it cannot be installed elsewhere.
    """

    project: str
    database: str
    region: str
    account: str = ""
    email: str = ""
    network: bool = False
    requirement: str | None = None


def starter_files(answers: Answers) -> dict[str, str]:
    """Texts by path in the repository."""
    return {place: _filled(_text(name), answers) for name, place in _PLACES.items()}


def branch_workflow(answers: Answers) -> dict[str, str]:
    """The workflow that gives each pull request a branch of a database, by path."""
    name = "workflows/aurora-cfn-branches.yml"
    return {f".github/{name}": _filled(_text(f"github/{name}"), answers)}


def blueprint_text(name: str) -> str:
    """An example of a blueprint with that name, to be changed."""
    return _text("blueprint.py.txt").replace("@NAME@", name)


def example_names() -> list[str]:
    """Names of the environments that come as examples, in alphabetical order."""
    return sorted(file.name.removesuffix(".yaml") for file in _examples().iterdir() if file.name.endswith(".yaml"))


def example_text(name: str) -> str:
    """The params file of an example, as it stands in params/."""
    text = _examples().joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    return text.replace("$schema=../schema.json", "$schema=schema.json")


def _examples() -> Traversable:
    """The folder of the examples: in the package where it is installed, in params/ in the repository of aurora-cfn."""
    inside = files("aurora_cfn.starter").joinpath("examples")
    return inside if inside.is_dir() else Path(__file__).parents[2] / "params" / "examples"


def _text(name: str) -> str:
    return files("aurora_cfn.starter").joinpath(*name.split("/")).read_text(encoding="utf-8")


def _filled(text: str, answers: Answers) -> str:
    guard = "# a guard: with it, no other AWS account is touched"
    account = f'account: "{answers.account}"' if answers.account else f'# account: "123456789012"    {guard}'
    email = f"AlarmEmail: {answers.email}" if answers.email else "# AlarmEmail: night-watch@example.com"
    install = f'pip install "{answers.requirement}"' if answers.requirement else _UNREACHABLE
    # pre-commit installs the tool into an environment of its own, or uses the one on the PATH.
    language = (
        f'language: python\n        additional_dependencies: ["{answers.requirement}"]'
        if answers.requirement
        else "language: system"
    )
    for placeholder, value in {
        "@CHECKOUT@\n": _CHECKOUT,
        "@CREDENTIALS@": _CREDENTIALS_ACTION,
        "@NETWORK@\n": _NETWORK if answers.network else "",
        "@IN_NETWORK@\n": _IN_NETWORK if answers.network else "",
        "@PROJECT@": answers.project,
        "@DATABASE@": answers.database,
        "@REGION@": answers.region,
        "@ACCOUNT@": account,
        "@EMAIL@": email,
        "@INSTALL@": install,
        "@LANGUAGE@": language,
    }.items():
        text = text.replace(placeholder, value)
    return text
