"""The files of `render`: rendered templates compared with the committed ones or written, and aliases written out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from aurora_cfn.blueprints import NAMES
from aurora_cfn.cli.runs.render import is_empty, pages, rendered_blueprints
from aurora_cfn.cli.terminal.messages import info, write_stderr, write_stdout
from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.project.files import read_text, write_text
from aurora_cfn.project.own_blueprints import blueprint_files
from aurora_cfn.project.templates import template_names
from aurora_cfn.render import Reason, Rendered, Staleness, hand_edit, stale
from aurora_cfn.report.docs import MARK, PAGE
from aurora_cfn.template.header import header_of
from aurora_cfn.yamltext import resolved


def keeps_page(folder: Path, *, whole: bool) -> bool:
    """Whether the page of the templates is written with all of them: it is there already, or the folder is new.

    A page that a person wrote in its place is never touched.
    """
    page = folder / PAGE
    if page.is_file():
        return MARK in read_text(page)
    return whole or is_empty(folder)


def _committed(folder: Path) -> dict[str, str]:
    page = folder / PAGE
    files = [*template_names(folder).values(), *([page] if page.is_file() else [])]
    return {path.relative_to(folder).as_posix(): read_text(path) for path in files}


def _texts(found: Sequence[Rendered], *, page: bool) -> dict[str, str]:
    texts = {f"{row.blueprint.name}.yaml": row.text for row in found}
    return texts | (pages(found) if page else {})


_RENDER = "run: aurora-cfn render"
_NONE = "{}: no template here is rendered from a blueprint; one is written by: aurora-cfn render NAME"
_OWN = "delete the comment at its top to make it yours"
_REMEDIES: dict[Reason, str] = {
    "orphaned": f"no blueprint renders it any more: delete it, or {_OWN}",
    "copied": f"it is a copy of a rendered template: {_OWN}",
    "edited": f"run: aurora-cfn render --force, or give it another name and {_OWN}",
    "not rendered": "it has the name of a blueprint: rename it, or run: aurora-cfn render --force",
}


def up_to_date(rendered: Sequence[Rendered], folder: Path, *, everything: bool, shipped: bool, page: bool) -> bool:
    """Whether each file in `folder` is what `rendered` has; otherwise the diffs are printed, and a line a file.

    With `everything`, files that no blueprint renders any more count too. With `shipped`, a template of one of the
    project's own blueprints is compared by its checksum only. With `page`, the page of the templates counts.
    """
    own = blueprint_files() if shipped else {}
    committed = _committed(folder)
    # The page describes the project's own templates too, which are not rendered here.
    found = stale(_texts(rendered, page=page and not own), committed, {*NAMES, *blueprint_files()})
    found = [item for item in found if everything or item.reason not in {"orphaned", "copied"}]
    found = [stale_one for item in found if (stale_one := _by_checksum(item, committed, own))]
    for item in found:
        write_stdout(item.diff, nl=False)
    for item in found:
        write_stderr(f"{folder / item.name}: {item.reason}; {_REMEDIES.get(item.reason, _RENDER)}")
    if not found and not rendered:
        write_stderr(_NONE.format(folder))
    elif not found:
        write_stderr(f"{len(rendered)} templates are what the blueprints render")
    return not found


def _by_checksum(item: Staleness, committed: Mapping[str, str], own: Collection[str]) -> Staleness | None:
    """The same, unless it is rendered from one of the blueprints `own`, which are not executed: None or `edited`."""
    header = header_of(committed.get(item.name, ""))
    if header is None or header.blueprint not in own or item.name != f"{header.blueprint}.yaml":
        return item
    return replace(item, reason="edited") if header.edited else None


def write_rendered(rendered: Sequence[Rendered], folder: Path, *, everything: bool, force: bool, page: bool) -> None:
    """Write the templates, and with `page` theirs. Raises InputError for a hand edit without `force`.

    With `everything`, files that no blueprint renders any more are named.
    """
    texts = _texts(rendered, page=page)
    committed = _committed(folder)
    edited = [name for name, text in texts.items() if name in committed and hand_edit(committed[name], text)]
    if edited and not force:
        what = "was edited by hand, or was not rendered by aurora-cfn, and would be overwritten"
        hint = "--force overwrites it; nothing was written"
        raise InputError([Complaint(what, str(folder / name), hint=hint) for name in edited])
    for name, text in texts.items():
        state = "written" if write_text(folder / name, text) else "unchanged"
        write_stderr(f"{folder / name}: {state}")
    if not texts:
        write_stderr(_NONE.format(folder))
    for item in stale(texts, committed, {*NAMES, *blueprint_files()}) if everything else ():
        if item.reason in {"orphaned", "copied"}:
            write_stderr(f"{folder / item.name}: {item.reason}; {_REMEDIES[item.reason]}")


def refresh_page(folder: Path, names: Collection[str]) -> None:
    """Write the page anew where there is one of ours, after these of its templates were written alone.

    Not after templates of aurora-cfn where the project has blueprints: the page would execute these.
    """
    path, own = folder / PAGE, blueprint_files()
    if (own and not own.keys() & {*names}) or not path.is_file() or MARK not in read_text(path):
        return
    # Another blueprint that fails is no fault of those that were asked for: `render` alone names it.
    with suppress(InputError):
        if write_text(path, pages(rendered_blueprints(()))[PAGE]):
            write_stderr(f"{path}: written")


def resolve_aliases(paths: Sequence[Path], *, stdout: bool) -> None:
    """Write the files without aliases, or print them. Raises InputError before anything is written."""
    # All are read first, so that an error in one of them leaves every file as it is.
    found = [(path, *resolved(read_text(path), str(path))) for path in paths]
    for path, text, commented in found:
        if not commented:
            info(f"{path}: its comments are lost: one of its aliases cannot be replaced in place")
        if stdout:
            write_stdout(text, nl=False)
        else:
            state = "aliases written out" if write_text(path, text) else "has no aliases, unchanged"
            info(f"{path}: {state}")
