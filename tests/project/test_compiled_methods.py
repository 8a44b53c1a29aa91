"""A class made from kept code is the class that `dataclasses` makes, and a file that cannot be used is no file."""

from __future__ import annotations

import dataclasses
import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from aurora_cfn.project.compiled_methods import HEAD, Kept, keep_compiled_methods

VALUE = """
from dataclasses import dataclass, field
@dataclass(frozen=True, slots=True, order=True)
class Value:
    name: str
    size: int = 1
    rows: tuple[int, ...] = field(default=(), compare=False)
"""


def made(monkeypatch: pytest.MonkeyPatch, kept: Kept) -> Any:
    monkeypatch.setattr(dataclasses, "exec", kept.run, raising=False)
    names: dict[str, Any] = {"__name__": __name__}
    exec(VALUE, names)
    return names["Value"]


def behaves(value: Any) -> None:
    one = value("a", rows=(1,))
    assert (repr(one), one == value("a"), one < value("b"), hash(one)) == (
        "Value(name='a', size=1, rows=(1,))", True, True, hash(("a", 1))
    )  # fmt: skip
    assert dataclasses.replace(one, size=2).size == 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.name = "c"


@pytest.fixture
def writing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


def test_the_second_process_compiles_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writing: None) -> None:
    place = tmp_path / "methods.marshal"
    first, second = Kept(place), Kept(place)
    behaves(made(monkeypatch, first))
    first.save()
    kept = place.stat()
    monkeypatch.setattr("builtins.compile", lambda *_arguments, **_named: pytest.fail("compiled again"))
    behaves(made(monkeypatch, second))
    second.save()
    assert (place.stat().st_mtime_ns, list(tmp_path.iterdir())) == (kept.st_mtime_ns, [place])


def test_what_another_process_added_meanwhile_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writing: None
) -> None:
    place = tmp_path / "methods.marshal"
    one, two = Kept(place), Kept(place)
    one.run("a = 1", {}, {})
    made(monkeypatch, two)
    one.save()
    two.save()
    assert {"a = 1"} < set(Kept(place)._read())


@pytest.mark.parametrize(
    "content",
    [b"", b"of another version", importlib.util.MAGIC_NUMBER + b"methods 0", HEAD, HEAD + b"N", None],
)
def test_a_file_that_cannot_be_used_is_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writing: None, content: bytes | None
) -> None:
    place = tmp_path / "methods.marshal"
    if content is not None:
        place.write_bytes(content)
    kept = Kept(place)
    behaves(made(monkeypatch, kept))
    kept.save()
    assert Kept(place)._read()


def test_nothing_is_written_where_python_may_keep_no_bytecode_or_the_folder_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writing: None
) -> None:
    away = Kept(tmp_path / "absent" / "methods.marshal")
    behaves(made(monkeypatch, away))
    away.save()
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    here = Kept(tmp_path / "methods.marshal")
    behaves(made(monkeypatch, here))
    here.save()
    assert list(tmp_path.iterdir()) == []


def test_a_python_that_was_not_tried_compiles_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    before = vars(dataclasses).get("exec")
    monkeypatch.setattr(sys, "version_info", (3, 99, 0))
    keep_compiled_methods()
    assert vars(dataclasses).get("exec") is before


@pytest.mark.slow
def test_a_command_keeps_them_beside_the_bytecode_of_the_package(tmp_path: Path) -> None:
    """It fails where a new Python's `dataclasses` does not call `exec` by its name, with a text and two namespaces."""
    program = "import sys; sys.pycache_prefix = sys.argv.pop(1); sys.dont_write_bytecode = False; " \
              "from aurora_cfn.__main__ import main; main()"  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path), "cost", "--help"], capture_output=True, text=True, check=True
    )
    assert "Usage" in done.stdout
    (place,) = tmp_path.rglob("aurora_cfn/methods.*.marshal")
    assert any("__setattr__" in text for text in Kept(place)._read())
