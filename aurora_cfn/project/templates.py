"""The templates that params files of this project can name: the files of templates/, and the blueprints."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.project.files import TEMPLATES, project_files, read_text
from aurora_cfn.project.own_blueprints import blueprint_files
from aurora_cfn.template.header import header_of
from aurora_cfn.template.summary import TemplateSummary, Unrendered, summary_of
from aurora_cfn.yamltext import read_template

if TYPE_CHECKING:
    from aurora_cfn.blueprint import Blueprint


class ProjectTemplates(Mapping[str, TemplateSummary]):
    """Template name to summary; a file is read when its template is first asked for.

    The name of a template is the path of its file below templates/ without the ending: `orders-db`, `team/orders-db`.
    A blueprint of aurora-cfn that has no file there counts too, with its overlay, so that a params file can be checked
    before the first `render`. One of the project's own has no summary before: it is executed only by `render`.
    """

    def __init__(
        self,
        blueprints: Mapping[str, Blueprint],
        folder: Path = TEMPLATES,
        *,
        deployable: bool = True,
        unrendered: Callable[[str], Unrendered] | None = None,
    ) -> None:
        """Nothing is read yet. Where not `deployable`, a file says all.

        `unrendered` says what a rendered file lacks of its blueprint, by name; without it the blueprint is imported.
        """
        self._blueprints, self._folder, self._deployable = blueprints, folder, deployable
        self._unrendered = unrendered or (lambda name: _of_blueprint_alone(blueprints[name]))
        self._own = blueprint_files()
        self._found: dict[str, TemplateSummary] = {}
        self._files: dict[str, Path] | None = None

    def __getitem__(self, name: str) -> TemplateSummary:
        """The summary. Raises KeyError, or InputError when the file cannot be read as a template."""
        if name not in self._found:
            self._found[name] = self._summary(name)
        return self._found[name]

    def __contains__(self, name: object) -> bool:
        """Whether there is a file or a blueprint of that name; reads nothing."""
        return name in self.files or name in self._blueprints or name in self._own

    def __iter__(self) -> Iterator[str]:
        """The names: of blueprints of aurora-cfn, of files in alphabetical order, of the project's own blueprints."""
        return iter(dict.fromkeys([*self._blueprints, *self.files, *self._own]))

    def __len__(self) -> int:
        """How many there are."""
        return len(list(iter(self)))

    @property
    def files(self) -> Mapping[str, Path]:
        """Template name to file. Raises InputError where two files have one name."""
        if self._files is None:
            self._files = template_names(self._folder)
        return self._files

    def path(self, name: str) -> Path:
        """The file of a template, or where `render` would write it."""
        return self.files.get(name, self._folder / f"{name}.yaml")

    def text(self, name: str) -> str:
        """The text of a template: of its file, or as its blueprint renders it where there is no file yet."""
        path = self.files.get(name)
        if path is not None:
            return read_text(path)
        from aurora_cfn.project.overlays import overlay_of
        from aurora_cfn.render import render

        return render(self._blueprints[name], overlay_of(name))

    def _summary(self, name: str) -> TemplateSummary:
        path = self.files.get(name)
        if path is not None:
            text = read_text(path)
            return self._with_blueprint(read_summary(name, path, text), text)
        if name in self._own:
            raise InputError((Complaint(f"is not rendered yet; run: aurora-cfn render {name}", str(self._own[name])),))
        return _of_blueprint(self._blueprints[name])

    def _with_blueprint(self, found: TemplateSummary, text: str) -> TemplateSummary:
        """With what only the blueprint knows: checks, steps of numbers, and the code of functions."""
        header = header_of(text) if self._deployable else None
        if header is None or header.blueprint not in self._blueprints:
            return found
        return self._unrendered(header.blueprint).added_to(found)


def not_rendered(paths: Iterable[Path | str]) -> list[Complaint]:
    """A complaint for each template of aurora-cfn that a params file names and that has no file yet."""
    missing = [Path(path) for path in dict.fromkeys(paths) if not Path(path).exists()]
    hint = "run: aurora-cfn render {}, review and commit"
    return [Complaint("is missing", path.as_posix(), hint=hint.format(template_name(path))) for path in missing]


def template_names(folder: Path = TEMPLATES) -> dict[str, Path]:
    """Template name to file, for every file below the folder that may be a template.

    Raises InputError where two files have one name, such as `db.yaml` and `db.json`, and as `project_files` does.
    """
    found: dict[str, Path] = {}
    for path in project_files(folder):
        other = found.setdefault(template_name(path, folder), path)
        if other is not path:
            what = f"has the same template name as {other}"
            raise InputError((Complaint(what, str(path), hint="rename or delete one of the two"),))
    return found


def template_name(path: Path, folder: Path = TEMPLATES) -> str:
    """The name of the template in a file: its path below the folder, or only its file name elsewhere."""
    inside = path.relative_to(folder) if path.is_relative_to(folder) else Path(path.name)
    return inside.with_suffix("").as_posix()


@lru_cache(maxsize=256)
def read_summary(name: str, path: Path, text: str) -> TemplateSummary:
    """The summary of a template's text. Raises InputError when it is not a template."""
    # Imported here: `render` needs the names of templates only, not what a template is compared with.
    from aurora_cfn.template.side import template_of

    return summary_of(name, template_of(read_template(text, str(path)), str(path)), path.as_posix())


def _of_blueprint(blueprint: Blueprint) -> TemplateSummary:
    from aurora_cfn.project.overlays import overlay_of
    from aurora_cfn.render import summary

    return summary(blueprint, overlay_of(blueprint.name))


def _of_blueprint_alone(blueprint: Blueprint) -> Unrendered:
    return Unrendered(blueprint.checks, {row.name: row.step for row in blueprint.parameters}, blueprint.code)
