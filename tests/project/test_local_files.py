"""Local paths of templates: which are found, what is uploaded, and what is refused."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from aurora_cfn.errors import InputError
from aurora_cfn.project.local_files import Destination, PackagedTemplate, packaged_template
from aurora_cfn.template.local_paths import local_paths, local_properties
from aurora_cfn.yamltext import read_template

TEMPLATE = Path("templates/app.yaml")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    for name, text in {"src/a.py": "a = 1\n", "src/lib/b.py": "", "src/.env": "X=1\n", "notes.txt": "n"}.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)
    TEMPLATE.parent.mkdir()
    return tmp_path


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Resources": {"X": {"Type": kind, "Properties": properties}}}


def packaged(template: Mapping[str, Any] | str) -> PackagedTemplate:
    text = template if isinstance(template, str) else json.dumps(template)
    TEMPLATE.write_text(text)
    return packaged_template(TEMPLATE, text, Destination("app", "b", "https://b/{}".format))


def properties_of(found: PackagedTemplate) -> Any:
    value: Any = read_template(found.text, "t").value
    return value["Resources"]["X"]["Properties"]


@pytest.mark.parametrize(
    ("kind", "one"), [(kind, one) for kind, rows in local_properties().items() for one in rows if not one.template]
)
def test_every_property_of_the_list_takes_a_local_file(kind: str, one: Any) -> None:
    value: Any = "../notes.txt"
    for key in reversed(one.path):
        value = {key: value}
    found = packaged(resource(kind, **value))
    (artifact,) = found.artifacts
    value = properties_of(found)
    for key in one.path:
        value = value[key]
    address = {one.names[0]: "b", one.names[1]: artifact.key} if one.names else f"s3://b/{artifact.key}"
    assert value == address
    assert artifact.key.endswith(".zip" if one.zipped else ".txt")
    assert not artifact.early


@pytest.mark.parametrize(
    "template",
    [
        resource("AWS::Lambda::Function", Code={"ZipFile": "x"}),
        resource("AWS::Lambda::Function", Code={"S3Bucket": "b", "S3Key": "k"}),
        resource("AWS::Serverless::Function", CodeUri="s3://b/k"),
        resource("AWS::Serverless::Function", InlineCode="x"),
        resource("AWS::Serverless::Function", CodeUri={"Fn::Sub": "s3://${B}/k"}),
        resource("AWS::CloudFormation::Stack", TemplateURL="https://s3.amazonaws.com/b/k"),
        resource("AWS::SNS::Topic", Code="./src"),
        {"Transform": "AWS::Serverless-2016-10-31", "Resources": {}},
        {"Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://b/k"}}, "Resources": {}},
    ],
)
def test_what_is_not_local_stays(template: dict[str, Any]) -> None:
    assert local_paths(template) == []
    assert packaged(template).text == json.dumps(template)


INCLUDE = {"Name": "AWS::Include", "Parameters": {"Location": "../notes.txt"}}
FUNCTION = {"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": "../src"}}


@pytest.mark.parametrize(
    ("template", "place"),
    [
        ({"Resources": {}, "Transform": INCLUDE}, ("Transform", "Parameters", "Location")),
        ({"Resources": {}, "Transform": ["X", INCLUDE]}, ("Transform", 1, "Parameters", "Location")),
        ({"Resources": {"Fn::Transform": INCLUDE}}, ("Resources", "Fn::Transform", "Parameters", "Location")),
        (
            {"Resources": {"Fn::ForEach::F": ["N", ["A", "B"], {"F${N}": FUNCTION}]}},
            ("Resources", "Fn::ForEach::F", 2, "F${N}", "Properties", "CodeUri"),
        ),
        (
            {"Resources": {}, "Globals": {"Function": {"CodeUri": "../src"}}},
            ("Globals", "Function", "CodeUri"),
        ),
    ],
)
def test_paths_are_found_wherever_they_may_stand(template: dict[str, Any], place: tuple[Any, ...]) -> None:
    assert [row.place for row in local_paths(template)] == [place]
    found: Any = read_template(packaged(template).text, "t").value
    for key in place:
        found = found[key]
    assert found.startswith("s3://b/aurora-cfn/app/")


def test_only_the_value_changes_and_lines_stay() -> None:
    head = "Resources:  # all\n  X:\n    Type: AWS::Lambda::Function\n    Properties:\n"
    text = f"{head}      Code: ../src  # here\n      Handler: !Sub 'a.${{B}}'\n"
    found = packaged(text)
    ((key, data),) = [(row.key, row.data) for row in found.artifacts]
    assert found.text == text.replace("../src", f'{{"S3Bucket": "b", "S3Key": "{key}"}}')
    with ZipFile(BytesIO(data)) as archive:
        assert archive.namelist() == [".env", "a.py", "lib/b.py"]


def test_equal_files_give_equal_zips_and_caches_of_python_are_left_out(folder: Path) -> None:
    template = resource("AWS::Serverless::Function", CodeUri="../src")
    first = packaged(template)
    cache = folder / "src/__pycache__/a.cpython-311.pyc"
    cache.parent.mkdir()
    cache.write_bytes(b"x")
    os.utime("src/a.py", (1, 1))
    assert packaged(template) == first
    (folder / "src/a.py").write_text("a = 2\n")
    assert packaged(template).artifacts != first.artifacts


def test_a_program_stays_a_program(folder: Path) -> None:
    (folder / "src/a.py").chmod(0o755)
    (artifact,) = packaged(resource("AWS::Lambda::Function", Code="../src")).artifacts
    with ZipFile(BytesIO(artifact.data)) as archive:
        modes = {row.filename: row.external_attr >> 16 & 0o777 for row in archive.infolist()}
    assert modes == {".env": 0o644, "a.py": 0o755, "lib/b.py": 0o644}


def test_a_zip_is_uploaded_as_it_is(folder: Path) -> None:
    (first,) = packaged(resource("AWS::Lambda::Function", Code="../src")).artifacts
    (folder / "code.zip").write_bytes(first.data)
    assert packaged(resource("AWS::Lambda::Function", Code="../code.zip")).artifacts == (first,)


def test_a_path_from_the_top_of_the_repository_gets_the_one_to_write(folder: Path) -> None:
    with pytest.raises(InputError) as caught:
        packaged(resource("AWS::Lambda::Function", Code="src"))
    assert str(caught.value).endswith(
        "templates/src does not exist (a path starts from the template's folder: write ../src)"
    )


def test_nested_templates_are_packaged_first(folder: Path) -> None:
    (folder / "templates/parts").mkdir()
    inner = json.dumps(resource("AWS::Lambda::Function", Code="../../src"))
    (folder / "templates/parts/inner.json").write_text(inner)
    found = packaged(resource("AWS::CloudFormation::Stack", TemplateURL="parts/inner.json"))
    code, nested = sorted(found.artifacts, key=lambda row: row.early)
    assert (code.key[-4:], nested.key[-5:]) == (".zip", ".json")
    assert nested.data.decode() == inner.replace('"../../src"', f'{{"S3Bucket": "b", "S3Key": "{code.key}"}}')
    assert properties_of(found)["TemplateURL"] == f"https://b/{nested.key}"


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("../gone", "gone does not exist"),
        ("../../outside", "../outside leads out of the repository"),
        ("/etc/hostname", "/etc/hostname leads out of the repository"),
        ("../link", "link a link leads to '/etc', an absolute path"),
        ("../inside", "a link leads out of the repository"),
        ("../empty", "empty is a folder without files"),
        ("../pipe", "pipe is a pipe, device or socket, not a file"),
    ],
)
def test_a_path_that_cannot_be_packaged_is_refused_with_its_line(folder: Path, path: str, what: str) -> None:
    (folder / "link").symlink_to("/etc")
    (folder / "inside").mkdir()
    (folder / "inside/link").symlink_to("../../etc")
    (folder / "empty").mkdir()
    os.mkfifo(folder / "pipe")
    text = f"Resources:\n  X:\n    Type: AWS::Lambda::Function\n    Properties:\n      Code: {path}\n"
    with pytest.raises(InputError) as caught:
        packaged(text)
    (complaint,) = caught.value.complaints
    assert (complaint.path, complaint.line, complaint.key) == (str(TEMPLATE), 5, "Resources.X.Properties.Code")
    assert what in complaint.what


def test_a_template_that_nests_itself_is_refused() -> None:
    with pytest.raises(InputError, match=r"app\.yaml nests itself"):
        packaged(resource("AWS::CloudFormation::Stack", TemplateURL="app.yaml"))
