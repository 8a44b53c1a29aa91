"""Where the code of a function is looked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aurora_cfn.errors import InputError
from aurora_cfn.local.live.source import Source, chosen_source, source_in, template_source

HANDLER = "handlers.planets.handler"
FILES: dict[str, tuple[str, str, str, tuple[str, str] | None]] = {
    "below the folder": ("src/handlers/planets.py", "src", HANDLER, ("src", "")),
    "the folder is the package": ("code/planets.py", "code", HANDLER, ("code", "handlers")),
    "a module without a package": ("src/app.py", "src", "app.handler", ("src", "")),
    "with slashes": ("src/api/app.py", "src", "api/app.handler", ("src", "")),
    "a package as module": ("src/app/__init__.py", "src", "app.handler", ("src", "")),
    "another module": ("src/moons.py", "src", HANDLER, None),
    "two packages deep": ("src/app.py", "src", "a.b.app.handler", None),
}


@pytest.mark.parametrize("what", FILES)
def test_a_handler_is_found_by_its_module(tmp_path: Path, what: str) -> None:
    file, folder, handler, expected = FILES[what]
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.touch()
    found = source_in(tmp_path / folder, handler)
    assert found == (Source((tmp_path / expected[0]).resolve(), expected[1]) if expected else None)


def test_a_chosen_folder_without_the_handler_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"has no handlers/planets\.py for Api \(handler handlers\.planets\.handler\)"):
        chosen_source(tmp_path, HANDLER, "Api")


def function(kind: str, name: str, code: object) -> dict[str, Any]:
    return {"Resources": {"F": {"Type": kind, "Properties": {name: code}}}}


SAM, PLAIN = "AWS::Serverless::Function", "AWS::Lambda::Function"
TEMPLATES: dict[str, tuple[dict[str, Any], str | None]] = {
    "SAM": (function(SAM, "CodeUri", "../src"), "src"),
    "Lambda": (function(PLAIN, "Code", "../src"), "src"),
    "a file": (function(PLAIN, "Code", "../src/app.py"), "src"),
    "a zip": (function(PLAIN, "Code", "../src/app.zip"), None),
    "in S3": (function(SAM, "CodeUri", "s3://bucket/key"), None),
    "inline": (function(PLAIN, "Code", {"ZipFile": "x"}), None),
    "SAM's Globals": (
        {"Globals": {"Function": {"CodeUri": "../src"}}, "Resources": {"F": {"Type": SAM, "Properties": {}}}}, "src",
    ),
    "another function": (
        {"Resources": {"G": {"Type": SAM, "Properties": {"CodeUri": "../src"}}}}, None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", TEMPLATES)
def test_a_template_names_the_folder(tmp_path: Path, what: str) -> None:
    template, expected = TEMPLATES[what]
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").touch()
    found = template_source(template, tmp_path / "templates" / "shop.yaml", "F")
    assert found == ((tmp_path / expected).resolve() if expected else None)
