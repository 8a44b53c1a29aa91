"""The local files that a template names: read within the repository, zipped, replaced by where they are uploaded."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from zipfile import is_zipfile

from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.model.value import Path as Place
from aurora_cfn.model.value import Value
from aurora_cfn.packaging.archive import packed
from aurora_cfn.project.tree import DiskTree, Parts, Walk, file_errors, follow, on_disk, regular
from aurora_cfn.template.local_paths import LocalPath, local_paths
from aurora_cfn.template.side import template_of
from aurora_cfn.yamltext import decode, read_template, with_values

LEFT_OUT = frozenset({"__pycache__", ".git", ".DS_Store"})
"""What machines write beside the code: with it, equal code would give different zips."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file to upload under a key that has the hash of its contents. `early`: before the change set is made.

    `path` is the file of a nested template, empty for anything else.
    """

    key: str
    data: bytes
    early: bool = False
    path: str = ""


@dataclass(frozen=True, slots=True)
class PackagedTemplate:
    """The text of a template with the addresses of its artifacts, on the same lines as before; `key` is its own."""

    text: str
    artifacts: tuple[Artifact, ...]
    key: str


@dataclass(frozen=True, slots=True)
class Destination:
    """Where artifacts of the template called `name` go; `url` gives the HTTPS address of a key."""

    name: str
    bucket: str
    url: Callable[[str], str]


def packaged_template(path: Path, text: str, destination: Destination) -> PackagedTemplate:
    """The packaged text of the template at `path`; nested local templates are packaged first.

    Raises InputError, with every complaint and its line, for a path that does not exist or leads out of the repository.
    """
    return _packaged(path, text, destination, ())


def folder_files(value: str) -> dict[str, bytes]:
    """The files of a folder of the project by their paths below it, as they are packaged.

    Raises InputError for one that does not exist, has no files, or leads out of the repository.
    """
    # From the working folder, where params/ and templates/ are.
    path, tree, parts = _found(Path("params.yaml"), value)
    kind = regular(tree, parts, str(path)).kind
    if kind != "folder":
        raise InputError((Complaint("does not exist" if kind == "none" else "is no folder", str(path)),))
    return _contents(tree, _files_of_folder(tree, follow(tree, parts, str(path)), path))


def _packaged(path: Path, text: str, destination: Destination, outer: tuple[Path, ...]) -> PackagedTemplate:
    document = read_template(text, str(path))
    template = template_of(document, str(path))
    values: dict[Place, Value] = {}
    artifacts: dict[str, Artifact] = {}
    complaints: list[Complaint] = []
    for row in local_paths(template):
        try:
            made, *inner = _artifacts(path, row, destination, outer)
        except InputError as error:
            where = Complaint("", str(path), document.line(row.place), ".".join(map(str, row.place)))
            complaints += [_placed(one, where) for one in error.complaints]
            continue
        values[row.place] = _address(row, made.key, destination)
        artifacts |= {one.key: one for one in (*inner, made)}
    if complaints:
        raise InputError(complaints)
    text = with_values(text, str(path), values) if values else text
    return PackagedTemplate(text, tuple(artifacts.values()), _key(destination, text.encode(), path.suffix))


def _placed(complaint: Complaint, where: Complaint) -> Complaint:
    """The complaint about a file, at the place of the template that names it; one of a nested template as it is."""
    if complaint.line:
        return complaint
    return Complaint(f"{complaint.path} {complaint.what}", where.path, where.line, where.key, complaint.hint)


def _address(row: LocalPath, key: str, destination: Destination) -> Value:
    if row.property.names:
        return dict(zip(row.property.names, (destination.bucket, key), strict=True))
    return destination.url(key) if row.property.template else f"s3://{destination.bucket}/{key}"


def _artifacts(template: Path, row: LocalPath, destination: Destination, outer: tuple[Path, ...]) -> list[Artifact]:
    """The artifact of a path, and after it those that a nested template needs."""
    path, tree, parts = _found(template, row.value)
    kind = regular(tree, parts, str(path)).kind
    if kind == "none":
        from_top = f"a path starts from the template's folder: write {os.path.relpath(row.value, template.parent)}"
        raise InputError((Complaint("does not exist", str(path), hint=from_top if os.path.exists(row.value) else ""),))
    real = follow(tree, parts, str(path))
    if row.property.template:
        return _nested(path, tree, real, destination, (*outer, template))
    if kind == "folder":
        data, ending = _zip_of_folder(tree, real, path), ".zip"
    else:
        data, ending = _bytes(tree, real), path.suffix
        if row.property.zipped and not is_zipfile(BytesIO(data)):
            data, ending = packed({path.name: data}, _executable(tree, {path.name: real})), ".zip"
        elif row.property.zipped:
            ending = ".zip"
    return [Artifact(_key(destination, data, ending), data, row.early)]


def _found(template: Path, value: str) -> tuple[Path, DiskTree, Parts]:
    """The path as it is shown, and below the top of the repository that the template is in."""
    tree, _ = on_disk(template)
    whole = Path(os.path.normpath(template.absolute().parent / value))
    shown = Path(os.path.normpath(template.parent / value))
    if not whole.is_relative_to(tree.root):
        hint = "move the files into the repository, where a review sees them"
        raise InputError((Complaint("leads out of the repository", str(shown), hint=hint),))
    return shown, tree, whole.relative_to(tree.root).parts


def _nested(
    path: Path, tree: DiskTree, parts: Parts, destination: Destination, outer: tuple[Path, ...]
) -> list[Artifact]:
    if path in outer:
        raise InputError((Complaint("nests itself", str(path)),))
    inner = _packaged(path, decode(_bytes(tree, parts), str(path)), destination, outer)
    return [Artifact(inner.key, inner.text.encode(), early=True, path=path.as_posix()), *inner.artifacts]


def _zip_of_folder(tree: DiskTree, parts: Parts, shown: Path) -> bytes:
    files = _files_of_folder(tree, parts, shown)
    return packed(_contents(tree, files), _executable(tree, files))


def _files_of_folder(tree: DiskTree, parts: Parts, shown: Path) -> dict[str, Parts]:
    files = dict(_files(tree, parts, PurePosixPath(shown.as_posix())))
    if not files:
        raise InputError((Complaint("is a folder without files", str(shown)),))
    return files


def _contents(tree: DiskTree, files: dict[str, Parts]) -> dict[str, bytes]:
    return {name: _bytes(tree, real) for name, real in files.items()}


def _files(tree: DiskTree, parts: Parts, shown: PurePosixPath) -> Iterator[tuple[str, Parts]]:
    """The files of a folder by their paths in the zip, links inside of the repository followed."""
    for path, _ in Walk(tree, ("",), hidden=True).files(parts, shown):
        inside = PurePosixPath(path).relative_to(shown)
        if LEFT_OUT.isdisjoint(inside.parts) and inside.suffix != ".pyc":
            yield str(inside), follow(tree, (*parts, *inside.parts), path)


def _executable(tree: DiskTree, files: dict[str, Parts]) -> frozenset[str]:
    """The names of the files that are programs, such as the `bootstrap` of a function."""
    return frozenset(name for name, real in files.items() if os.access(tree.root.joinpath(*real), os.X_OK))


def _bytes(tree: DiskTree, parts: Parts) -> bytes:
    path = tree.root.joinpath(*parts)
    with file_errors(path):
        return path.read_bytes()


def _key(destination: Destination, data: bytes, ending: str) -> str:
    return f"aurora-cfn/{destination.name}/{hashlib.sha256(data).hexdigest()[:32]}{ending}"
