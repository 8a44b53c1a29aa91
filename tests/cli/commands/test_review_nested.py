"""`aurora-cfn review` of nested stacks whose templates are files of the repository."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli.commands.test_review import commit, edit, git, run

APP = """\
Parameters: {Name: {Type: String, Default: shop}}
Resources:
  Data:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: nested/db.yaml
      Parameters: {DbName: !Ref Name}
"""
DB = """\
Parameters: {DbName: {Type: String, Default: orders}}
Resources:
  Db:
    Type: AWS::RDS::DBInstance
    DeletionPolicy: Snapshot
    UpdateReplacePolicy: Snapshot
    Properties: {Engine: postgres, DBName: !Ref DbName, BackupRetentionPeriod: 7, StorageEncrypted: true}
"""
PARAMS = "region: eu-west-1\nstacks:\n  app: {template: app, parameters: {Name: live}}\n"
PARENT, CHILD, LIVE = "templates/app.yaml", "templates/nested/db.yaml", "params/live.yaml"
OUTSIDE = "stacks/db.yaml"


def write(files: Mapping[str, str]) -> None:
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    git("init", "-q", "-b", "main")
    write({PARENT: APP, CHILD: DB})
    commit()
    return tmp_path


def encrypted_otherwise(name: str = CHILD) -> None:
    """Replaces the database."""
    edit(name, "StorageEncrypted: true", "StorageEncrypted: true, KmsKeyId: alias/own")


def test_the_nested_file_alone_changed(project: Path) -> None:
    encrypted_otherwise()
    ran = run("--base", "HEAD")
    assert ran.exit_code == 6
    # Its own review, with its defaults, would say the same of a stack that does not exist.
    assert "\ntemplates/nested/db.yaml" not in ran.stdout
    assert "replace       ~ Data/Db (AWS::RDS::DBInstance)  templates/nested/db.yaml:3" in ran.stdout
    assert "they come when this stack is deployed with the packaged file" in ran.stdout
    assert "not seen offline" not in ran.stdout
    assert "--allow-replace Data/Db" in ran.stdout


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Data/Db", 0),
        ("app.Data/Db", 0),
        ("templates/app.yaml.Data/Db", 0),
        ("Data", 6),
        ("Db", 6),
        ("other.Data/Db", 6),
    ],
)
def test_it_is_allowed_by_the_name_with_that_of_the_nested_stack(project: Path, name: str, code: int) -> None:
    encrypted_otherwise()
    assert run("--base", "HEAD", "--allow-replace", name).exit_code == code


def test_a_dated_line_of_the_params_file_allows_it(project: Path) -> None:
    write({LIVE: PARAMS})
    commit()
    encrypted_otherwise()
    ran = run("--base", "HEAD")
    assert ran.exit_code == 6
    # The environment is found although neither its file nor the template that it names changed.
    assert "app-live (templates/app.yaml), by git:" in ran.stdout
    line = "allow_replace: [{resource: Data/Db, until: '2099-12-31', reason: a test}]"
    edit(LIVE, "template: app,", f"template: app, {line},")
    ran = run("--base", "HEAD")
    assert (ran.exit_code, ran.stderr) == (0, "")


def test_values_of_an_environment_reach_the_nested_template(project: Path) -> None:
    write({LIVE: PARAMS})
    commit()
    edit(LIVE, "Name: live", "Name: new")
    ran = run("--base", "HEAD", "--env", "live")
    assert ran.exit_code == 6
    assert "Properties.DBName: live -> new" in ran.stdout
    assert "because: parameter DbName: live to new" in ran.stdout


def test_effects_of_the_defaults_alone_are_a_note(project: Path) -> None:
    edit(CHILD, "Default: orders", "Default: shop")
    ran = run("--base", "HEAD")
    assert ran.exit_code == 0
    assert (
        "note: templates/nested/db.yaml: only with its defaults, which no stack that nests it uses here: Db (replace)"
        in ran.stdout
    )


def test_a_template_that_was_not_nested_before_is_reviewed_by_itself(project: Path) -> None:
    edit(PARENT, "nested/db.yaml", "nested/other.yaml")
    write({"templates/nested/other.yaml": DB})
    commit()
    # Stacks of its own may have been made from db.yaml.
    edit(PARENT, "nested/other.yaml", "nested/db.yaml")
    encrypted_otherwise()
    ran = run("--base", "HEAD")
    assert ran.exit_code == 6
    assert "\ntemplates/nested/db.yaml, by git:" in ran.stdout


def test_a_nested_stack_that_is_removed_with_its_file(project: Path) -> None:
    edit(PARENT, APP, "Resources:\n  T: {Type: AWS::SNS::Topic}\n")
    Path(CHILD).unlink()
    ran = run("--base", "HEAD")
    assert ran.exit_code == 6
    assert "- Data/Db (AWS::RDS::DBInstance)" in ran.stdout
    # Which would say that stacks made from it stay.
    assert "stacks made from it stay" not in ran.stdout


@pytest.mark.parametrize("address", ["../stacks/db.yaml", "https://bucket.s3.amazonaws.com/app/stacks/db.yaml"])
def test_a_file_outside_of_templates(project: Path, address: str) -> None:
    edit(PARENT, "nested/db.yaml", address)
    write({OUTSIDE: DB})
    commit()
    encrypted_otherwise(OUTSIDE)
    for options in (("--base", "HEAD"), ("--base", "HEAD^", "--head", "HEAD")):
        ran = run(*options)
        assert ran.exit_code == 6
        commit()
    assert "~ Data/Db (AWS::RDS::DBInstance)  stacks/db.yaml:3" in ran.stdout


def test_the_project_in_a_folder_of_the_repository(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write({f"team/{PARENT}": APP.replace("nested/db.yaml", "../../shared/db.yaml"), "shared/db.yaml": DB})
    commit()
    encrypted_otherwise("shared/db.yaml")
    monkeypatch.chdir(project / "team")
    ran = run("--base", "HEAD")
    assert ran.exit_code == 6
    assert "~ Data/Db (AWS::RDS::DBInstance)  ../shared/db.yaml:3" in ran.stdout


def test_every_format_has_the_place_in_the_nested_file(project: Path) -> None:
    encrypted_otherwise()
    found = json.loads(run("--base", "HEAD", "--format", "json").stdout)
    row = next(one for one in found["changes"] if one["logical_id"] == "Data/Db")
    assert (row["path"], row["line"], row["template"]) == (CHILD, 3, PARENT)
    assert [one["logical_id"] for one in found["stacks"][0]["refusals"]] == ["Data/Db"]
    sarif = json.loads(run("--base", "HEAD", "--format", "sarif").stdout)
    places = [
        (one["level"], one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])
        for one in sarif["runs"][0]["results"]
    ]
    assert places == [("error", CHILD), ("note", PARENT)]
    assert f"::error file={CHILD},line=7," in run("--base", "HEAD", "--format", "github").stdout
    for form in ("markdown", "html", "junit"):
        assert "Data/Db" in run("--base", "HEAD", "--format", form).stdout


def test_a_parameter_that_the_nested_template_lacks_is_known_to_fail(project: Path) -> None:
    edit(PARENT, "{DbName: !Ref Name}", "{DbName: !Ref Name, Size: 3}")
    ran = run("--base", "HEAD")
    assert ran.exit_code == 11
    assert f"{CHILD} has no parameter Size: CloudFormation refuses it" in ran.stdout


def test_a_nested_template_that_cannot_be_read_is_not_seen(project: Path) -> None:
    write({CHILD: "- no template"})
    edit(PARENT, "DbName: !Ref Name", "DbName: other")
    ran = run("--base", "HEAD")
    assert ran.exit_code == 3
    Path(CHILD).unlink()
    assert "not seen offline: what is inside of the nested stack Data" in run("--base", "HEAD").stdout


def test_files_that_git_ignores_and_links_are_not_read(project: Path) -> None:
    other = "Resources:\n  T: {Type: AWS::SNS::Topic}\n"
    write({".gitignore": "build/\n", "build/x/db.yaml": other, "plain/db.yaml": other})
    (project / "x").symlink_to("plain")
    edit(PARENT, "nested/db.yaml", "https://bucket.s3.amazonaws.com/x/db.yaml")
    Path("plain/db.yaml").rename("plain/no.yaml")
    found = json.loads(run("--base", "HEAD", "--format", "json").stdout)
    row = next(one for one in found["changes"] if one["logical_id"] == "Data")
    # The only other file of that name.
    assert [one["sentence"] for one in row["effects"]] == [f"changes inside ({CHILD}): none", f"now {CHILD}"]
