"""yoyo-migrations, run by `aurora-cfn run` with the URL that it gives."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import mkdtemp

from cases import Cases, refused, same
from tools import run

cases = Cases()
HERE = Path(mkdtemp(prefix="run-yoyo-"))
for name, text in (
    ("0001.one.sql", "create table yoyo_one (id int primary key);"),
    ("0001.one.rollback.sql", "drop table yoyo_one;"),
    ("0002.two.py", 'from yoyo import step\n__depends__ = {"0001.one"}\nsteps = [step("create table yoyo_two (id int)", "drop table yoyo_two")]\n'),
):  # fmt: skip
    (HERE / name).write_text(text)


def yoyo(*words: str, folder: Path = HERE) -> str:
    command = (
        os.environ["AURORA_CFN_PYTHON"],
        "-m",
        "aurora_cfn",
        "run",
        "--env",
        "local",
        "--stack",
        "postgres",
        "--",
    )
    shell = (
        'exec "$0" "$1" --batch --no-config-file --database "postgresql+psycopg://?sslmode=verify-full" "${@:3}" "$2"'
    )
    return run(
        *command,
        "bash",
        "-c",
        shell,
        str(Path(sys.executable).parent / "yoyo"),
        words[0],
        str(folder),
        *words[1:],
        folder=os.environ["PROJECT"],
    )


@cases.case("schema", "apply, and nothing to apply")
def apply() -> None:
    yoyo("apply")
    yoyo("apply")
    same(yoyo("list").count("\nA "), 2)


@cases.case("schema", "roll back one, and reapply")
def rollback() -> None:
    yoyo("rollback", "-r", "0002.two")
    same(yoyo("list").count("\nU "), 1)
    yoyo("reapply", "--all")
    yoyo("rollback", "--all")
    same(yoyo("list").count("\nU "), 2)


@cases.case("errors", "a migration that fails is rolled back, and its exit code stays")
def failing() -> None:
    folder = Path(mkdtemp(prefix="run-yoyo-"))
    (folder / "0001.bad.sql").write_text("create table yoyo_bad (id int); select nothing;")
    with refused("ended with"):
        yoyo("apply", folder=folder)
    same("yoyo_bad" in yoyo("list"), False)


cases.run()
