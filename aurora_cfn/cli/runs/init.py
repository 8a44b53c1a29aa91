"""`init`: the questions to the user, and the files that are made of the answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import click

from aurora_cfn import __version__
from aurora_cfn.blueprints import BLUEPRINTS, BY_NAME
from aurora_cfn.cli.runs.render import pages
from aurora_cfn.cli.terminal.messages import write_stderr
from aurora_cfn.cli.terminal.prompt import asking, terminal
from aurora_cfn.environment import load, schema_text
from aurora_cfn.errors import InputError
from aurora_cfn.facts.regions import known_regions
from aurora_cfn.project.files import write_text
from aurora_cfn.project.installed import requirement
from aurora_cfn.project.own_blueprints import FOLDER
from aurora_cfn.render import rendered, summaries
from aurora_cfn.starter import Answers, blueprint_text, branch_workflow, example_names, example_text, starter_files

_DATABASE = "aurora-serverless-postgres"
_JANITOR = "branch-janitor"


@dataclass(frozen=True, slots=True)
class Question:
    """One question: the option that answers it, its text, the default, and `problem`, which says what is wrong."""

    option: str
    words: str
    default: str
    problem: Callable[[str], str | None]


def answers(given: Mapping[str, str | None], network: bool | None, *, ask: bool) -> Answers:
    """The answers: given by options, typed on the terminal if `ask`, else the defaults. Raises UsageError."""
    found: dict[str, str] = {}
    for question in _questions():
        text = given.get(question.option)
        if text is None:
            text = _typed(question) if ask and terminal() else question.default
        elif problem := question.problem(text):
            raise click.UsageError(f"--{question.option}: {problem}")
        found[question.option] = text
    if network is None:
        network = ask and terminal() and _network_wanted()
    return Answers(**found, network=network, requirement=requirement(__version__))


def _questions() -> list[Question]:
    folder = re.sub(r"[^A-Za-z0-9._-]+", "-", Path.cwd().name).strip("-._")
    project = folder if re.match(r"[A-Za-z]", folder) else "databases"
    return [
        Question("project", "Name of the project, for the tag Project", project, _project),
        Question("database", "Name of the first database", "app", _database),
        Question("region", "AWS region", "eu-west-1", _region),
        Question("account", "AWS account, 12 digits (empty: any)", "", _account),
        Question("email", "Mail address for alarms of production (empty: none)", "", _email),
    ]


def _typed(question: Question) -> str:
    def checked(text: str) -> str:
        if problem := question.problem(text.strip()):
            raise click.BadParameter(problem)
        return text.strip()

    with asking():
        shown = bool(question.default)
        return str(click.prompt(question.words, question.default, value_proc=checked, show_default=shown, err=True))


def _network_wanted() -> bool:
    with asking():
        return click.confirm("A network of its own? Otherwise the account's default VPC", default=False, err=True)


def _project(text: str) -> str | None:
    # Written into YAML without quotes, where these words are no texts.
    fits = re.fullmatch(r"[A-Za-z][A-Za-z0-9._-]{0,62}", text) and text.lower() not in {"true", "false", "null"}
    return None if fits else f"{text!r} does not fit: letters, digits, dots, underscores and hyphens, a letter first"


def _database(text: str) -> str | None:
    row = BY_NAME[_DATABASE].parameter("DatabaseName")
    return row.problem(text) if row else None


def _region(text: str) -> str | None:
    if text in known_regions():
        return None
    close = get_close_matches(text, known_regions(), 1)
    return f"{text!r} is no region of AWS" + (f"; did you mean {close[0]}?" if close else "")


def _account(text: str) -> str | None:
    return None if re.fullmatch(r"([0-9]{12})?", text) else f"{text!r} does not fit: an account has 12 digits"


def _email(text: str) -> str | None:
    return None if re.fullmatch(r"([^@\s]+@[^@\s]+)?", text) else f"{text!r} is no mail address"


def project_texts(found: Answers) -> dict[str, str]:
    """Every file of a new project, by path. Raises InputError where the answers do not fit together."""
    known = summaries(BLUEPRINTS)
    texts = starter_files(found)
    # Checked as any params file is, before anything is written.
    loaded = [load(text, path, Path(path).stem, known) for path, text in texts.items() if path.startswith("params/")]
    used = {name for environment in loaded for name in environment.templates}
    made = [rendered(item) for item in BLUEPRINTS if item.name in used]
    texts |= {f"templates/{row.blueprint.name}.yaml": row.text for row in made}
    texts |= {f"templates/{name}": text for name, text in pages(made).items()}
    return texts | {"params/schema.json": schema_text(known)}


def blueprint_file(name: str) -> tuple[str, str]:
    """Path and text of a new blueprint. Raises UsageError for a name that cannot be one."""
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,62}", name):
        raise click.UsageError(f"--blueprint: {name!r} does not fit: lower-case letters, digits and hyphens")
    if name in BY_NAME:
        raise click.UsageError(f"--blueprint: aurora-cfn has a blueprint {name}; overlays/{name}.yaml changes it")
    return f"{FOLDER}/{name.replace('-', '_')}.py", blueprint_text(name)


def example_texts(name: str) -> dict[str, str]:
    """The params file of an example and the templates that it uses, by path. Raises InputError for an unknown name."""
    if name not in example_names():
        raise InputError(f"no example is named {name!r}; there are: {', '.join(example_names())}")
    path, text = f"params/{name}.yaml", example_text(name)
    if not Path("params/schema.json").is_file():
        text = text.removeprefix("# yaml-language-server: $schema=schema.json\n")
    environment = load(text, path, name, summaries(BLUEPRINTS))
    return {path: text} | {f"templates/{row}.yaml": rendered(BY_NAME[row]).text for row in environment.templates}


def branch_texts(found: Answers) -> dict[str, str]:
    """The workflow that gives each pull request a branch of a database, and the template of their janitor, by path."""
    return branch_workflow(found) | {f"templates/{_JANITOR}.yaml": rendered(BY_NAME[_JANITOR]).text}


def write(texts: Mapping[str, str]) -> None:
    """Write each file that is not there yet; each file and what was done is named on stderr."""
    for name, text in texts.items():
        path = Path(name)
        if path.exists():
            write_stderr(f"{name}: exists, left as it is")
        else:
            write_text(path, text)
            write_stderr(f"{name}: written")
