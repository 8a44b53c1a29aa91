"""What is in a zip: no less than the functions import, nothing of this machine."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.metadata import PackagePath, requires
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from aurora_cfn.blueprint import Blueprint
from aurora_cfn.blueprints import BLUEPRINTS
from aurora_cfn.errors import InputError
from aurora_cfn.packaging import built, contents
from aurora_cfn.packaging.contents import DRIVER, closure, siblings, wanted
from aurora_cfn.render import summaries
from tests.blueprints.known import KNOWN

WITH_CODE = [blueprint for blueprint in BLUEPRINTS if blueprint.code]


def test_handlers_bring_what_they_import_and_not_each_other() -> None:
    sources = {"a": "from .b import x\n", "b": "from .c import y\nimport os\n", "c": "", "d": "from .a import z"}
    assert closure(["a"], sources) == ["a", "b", "c"]


def test_circles_end() -> None:
    assert closure(["a"], {"a": "from .b import x", "b": "from .a import y"}) == ["a", "b"]


def test_only_siblings_count() -> None:
    assert siblings("import os\nfrom json import loads\nfrom .near import x\nfrom ..far import y") == ["near"]


def test_the_driver_is_named_with_all_that_it_requires() -> None:
    needed = set(DRIVER)
    for name in DRIVER:
        for row in requires(name) or []:
            if ";" not in row:
                needed.add(re.split(r"[^A-Za-z0-9._-]", row)[0])
    assert needed == set(DRIVER)


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("pg8000/core.py", True),
        ("dateutil/zoneinfo/dateutil-zoneinfo.tar.gz", True),
        ("pg8000-1.dist-info/licenses/LICENSE", True),
        ("pg8000-1.dist-info/METADATA", True),
        ("pg8000-1.dist-info/RECORD", False),
        ("pg8000-1.dist-info/INSTALLER", False),
        ("pg8000/__pycache__/core.cpython-311.pyc", False),
        ("../../bin/tool", False),
    ],
)
def test_code_and_licences_go_in_and_nothing_that_differs_by_machine(path: str, kept: bool) -> None:
    assert bool(wanted("x", [PackagePath(path)])) is kept


def test_a_compiled_driver_is_refused() -> None:
    with pytest.raises(InputError, match=r"fast\.cpython-311-x86_64-linux-gnu\.so"):
        wanted("x", [PackagePath("x/fast.cpython-311-x86_64-linux-gnu.so")])


@pytest.mark.parametrize("blueprint", WITH_CODE, ids=lambda blueprint: str(blueprint.name))
def test_the_functions_start_from_their_zip_alone(blueprint: Blueprint, tmp_path: Path) -> None:
    """Without site-packages: whatever is imported is in the zip or in the standard library."""
    (package,) = built(summaries([blueprint]).values()).values()
    with ZipFile(BytesIO(package.data)) as archive:
        archive.extractall(tmp_path)
    script = (
        "import importlib, json, sys\n"
        "modules = [importlib.import_module('handlers.' + name) for name in sys.argv[1:]]\n"
        "driver = sys.modules.get('pg8000')\n"
        "print(json.dumps([callable(module.handler) for module in modules] + [driver and driver.__file__]))\n"
    )
    command = [sys.executable, "-S", "-E", "-B", "-W", "error", "-c", script, *blueprint.code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    *callables, driver = json.loads(done.stdout)
    assert callables == [True] * len(blueprint.code)
    if blueprint.name == "databases-api":
        assert driver is None
    else:
        assert Path(driver).is_relative_to(tmp_path)


def test_building_twice_gives_the_same_keys() -> None:
    once, again = (built(summaries(WITH_CODE).values()) for _ in range(2))
    assert [row.key for row in once.values()] == [row.key for row in again.values()]


def test_each_template_has_a_package_of_its_own() -> None:
    packages = built(KNOWN.values())
    assert set(packages) == {"http-api", "dsql-api", "databases-api"}
    assert len(packages["databases-api"].data) < 100_000  # without a driver
    assert "handlers/games.py" not in contents(("planets",))


GOOD = {"planets.py": b"from .near import x\n", "near.py": b"x = 1\n", "table.sql": b"select 1"}
WRONG: dict[str, tuple[dict[str, bytes], str]] = {
    "a syntax error": ({"near.py": b"x = 1\nx = (\n"}, "near.py:2: invalid Python: '(' was never closed"),
    "zeros": ({"near.py": b"x\0"}, "near.py: invalid Python"),
    "a missing sibling": ({"planets.py": b"from .far import x"}, "far.py: is missing, and planets.py imports it"),
}


def test_a_folder_of_ones_own_takes_the_place_of_the_handlers() -> None:
    found = contents(("planets",), GOOD)
    assert {name for name in found if name.startswith("handlers/")} == {f"handlers/{name}" for name in GOOD}
    assert "pg8000/__init__.py" in found
    assert "pymysql/__init__.py" not in found
    assert "pymysql/__init__.py" in contents(("planets",), GOOD | {"mysql.py": b""})


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_in_a_folder_is_named_with_its_line(case: str) -> None:
    files, what = WRONG[case]
    with pytest.raises(InputError) as caught:
        contents(("planets",), GOOD | files)
    assert str(caught.value).startswith(what)


def test_the_module_that_a_function_starts_with_has_to_be_there() -> None:
    with pytest.raises(InputError, match=r"games\.py: is missing, and a function of the template starts with it"):
        contents(("planets", "games"), GOOD)
