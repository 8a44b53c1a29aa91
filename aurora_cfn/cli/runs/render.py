"""What `render` renders: the blueprints of aurora-cfn and of the project, each with its overlay."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path

from aurora_cfn.blueprints import BY_NAME, NAMES
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.project.files import TEMPLATES, environment_file, environment_names, read_text
from aurora_cfn.project.overlays import overlay_files, overlay_of
from aurora_cfn.project.own_blueprints import blueprint_files, errors_of, load_blueprint
from aurora_cfn.project.templates import template_names
from aurora_cfn.render import Rendered, rendered, summary
from aurora_cfn.report.docs import PAGE, templates_page
from aurora_cfn.template.header import header_of
from aurora_cfn.template.overlay_parameters import static_parameters


def rendered_blueprints(names: Sequence[str], *, shipped: bool = False, whole: bool = False) -> list[Rendered]:
    """Those blueprints as they are rendered, or those that the project uses, or with `whole` all that there are.

    With `shipped` only those of aurora-cfn.

    Raises InputError: for an unknown name, an error in a blueprint, an overlay without a target.
    """
    _check_names(names, blueprint_files())
    own = {} if shipped else blueprint_files()
    if refused := [name for name in names if name not in own and name not in BY_NAME]:
        raise InputError(f"{refused[0]} is a blueprint of this project, which --shipped does not execute")
    return [
        _rendered(name, own.get(name))
        for name in dict.fromkeys(names or (*(NAMES if whole else shipped_names()), *own))
    ]


def is_new_project(folder: Path = TEMPLATES) -> bool:
    """Whether nothing says yet which templates the project has: no file there, no overlay, no blueprint of its own."""
    return is_empty(folder) and not overlay_files() and not blueprint_files() and not _named_in_params(NAMES)


def is_empty(folder: Path) -> bool:
    """Whether the folder has no file of any kind, or is not there."""
    return not folder.is_dir() or next(folder.iterdir(), None) is None


def shipped_names(folder: Path = TEMPLATES) -> tuple[str, ...]:
    """The blueprints of aurora-cfn that the project uses, in their order; all of them for a new project.

    Used is one whose rendered template is in the folder, which has an overlay, or which a params file names while
    the folder has no file of that name. A file without our header is the user's own, even with the name of a blueprint.
    """
    if is_new_project(folder):
        return NAMES
    files = template_names(folder)
    used = {name for name in NAMES if name in files and header_of(read_text(files[name]))} | overlay_files().keys()
    if absent := [name for name in NAMES if name not in files]:
        used |= _named_in_params(absent)
    return tuple(name for name in NAMES if name in used)


def _named_in_params(names: Sequence[str]) -> set[str]:
    """Which of these templates the params files name; a file that cannot be read names none."""
    # Not needed where every template is there, and half of the imports of a rendering.
    from aurora_cfn.environment.names import templates_named
    from aurora_cfn.yamltext import read_with_faults

    found: set[str] = set()
    for environment in environment_names():
        with suppress(InputError):
            path = environment_file(environment)
            text = read_text(path)
            if any(name in text for name in names):
                found |= templates_named(read_with_faults(text, str(path)).value)
    return found & {*names}


def pages(found: Sequence[Rendered]) -> dict[str, str]:
    """The pages that are written when all templates are, by file name."""
    return {PAGE: templates_page([(row.blueprint, row.template) for row in found])}


def _rendered(name: str, path: Path | None) -> Rendered:
    overlay = overlay_of(name)
    if path is None:
        found = rendered(BY_NAME[name], overlay)
    else:
        blueprint = load_blueprint(path)
        with errors_of(path):
            found = rendered(blueprint, overlay)
    for section, parameter in static_parameters(found.template, overlay.document.value) if overlay else ():
        line = overlay.document.line((section, parameter)) if overlay else 1
        info(f"overlays/{name}.yaml:{line}: {parameter} is static: it takes effect after a reboot of the instances")
    return found


def _check_names(names: Sequence[str], own: Mapping[str, Path]) -> None:
    """Raise InputError for names without a blueprint, and for a name that two blueprints have."""
    known = [*BY_NAME, *own]
    for name in names:
        if name not in known:
            close = get_close_matches(name, known, n=1)
            meant = f"did you mean {close[0]}?" if close else f"there are: {', '.join(known)}"
            raise InputError(f"no blueprint is named {name!r}; {meant}")
    hint = "rename the file; what aurora-cfn renders is changed by overlays/{}.yaml"
    twice = [
        Complaint("a blueprint of aurora-cfn has this name", str(path), hint=hint.format(name))
        for name, path in own.items()
        if name in BY_NAME
    ]
    lost = [
        Complaint(f"no blueprint is named {name!r}", str(path), hint="rename or delete the file")
        for name, path in overlay_files().items()
        if name not in known
    ]
    if twice or lost:
        raise InputError([*twice, *lost])


def check_params(found: Sequence[Rendered]) -> None:
    """Hold the params files to the Checks of the project's own blueprints, which no other command executes.

    Raises InputError with every complaint about the environments that use one of these blueprints.
    """
    own = blueprint_files()
    checked = {row.blueprint.name: row for row in found if row.blueprint.name in own and row.blueprint.checks}
    if not checked:
        return
    complaints = [row for name in environment_names() for row in _complaints(name, checked)]
    if complaints:
        raise InputError(complaints)


def _complaints(environment: str, checked: Mapping[str, Rendered]) -> Iterator[Complaint]:
    """What is wrong in the environment's params file, where it names one of the rendered blueprints."""
    # Few projects have such checks, and what reads params files is half of the imports of a rendering.
    from aurora_cfn.cli.runs.target import project_templates
    from aurora_cfn.environment import load

    path = environment_file(environment)
    text = read_text(path)
    if not any(name in text for name in checked):
        return
    summaries = {name: summary(row.blueprint, overlay_of(name)) for name, row in checked.items()}
    try:
        load(text, str(path), environment, ChainMap(summaries, project_templates()))  # type: ignore[arg-type]
    except InputError as error:
        yield from error.complaints
