"""Templates by the names that params files use."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_cfn.errors import InputError
from aurora_cfn.project.templates import ProjectTemplates, template_name
from aurora_cfn.render import render
from tests.environment.toys import DATABASE, NETWORK

BLUEPRINTS = {row.name: row for row in (NETWORK, DATABASE)}
ORDERS = "Parameters: {Stage: {Type: String}}\nResources: {}\n"


def project(folder: Path, *, deployable: bool = True, **files: str) -> ProjectTemplates:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return ProjectTemplates(BLUEPRINTS, folder, deployable=deployable)


def test_files_in_any_folder_and_blueprints_are_known_by_name(tmp_path: Path) -> None:
    found = project(
        tmp_path, orders_yaml=ORDERS, team__stock_json='{"Resources": {}}', README_md="", _hidden_yaml=ORDERS
    )
    assert list(found) == ["network", "database", "orders", "team/stock"]
    assert found.path("team/stock") == tmp_path / "team" / "stock.json"
    assert [row.name for row in found["orders"].parameters] == ["Stage"]
    assert "other" not in found


def test_a_rendered_file_has_the_checks_of_its_blueprint(tmp_path: Path) -> None:
    found = project(tmp_path, database_yaml=render(DATABASE))["database"]
    assert found.checks == DATABASE.checks
    assert [row.step for row in found.parameters] == [row.step for row in DATABASE.parameters]


def test_a_rendered_file_stands_alone_for_a_command_that_only_looks(tmp_path: Path) -> None:
    found = project(tmp_path, deployable=False, database_yaml=render(DATABASE))["database"]
    assert (found.checks, found.outputs) == ((), tuple(row.title for row in DATABASE.outputs()))
    assert {row.name for row in found.parameters} == {row.name for row in DATABASE.parameters}


def test_a_file_of_the_users_own_has_not(tmp_path: Path) -> None:
    assert project(tmp_path, database_yaml=ORDERS)["database"].checks == ()


def test_a_blueprint_without_a_file_counts_as_it_would_be_rendered(tmp_path: Path) -> None:
    found = project(tmp_path)
    assert found["database"].parameters == DATABASE.parameters
    assert found.text("database") == render(DATABASE)


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has the same template name as"):
        list(project(tmp_path, db_yaml=ORDERS, db_json='{"Resources": {}}'))


def test_a_file_that_is_no_template_is_refused_when_it_is_used(tmp_path: Path) -> None:
    found = project(tmp_path, notes_yaml="just: notes\n")
    assert "notes" in found
    with pytest.raises(InputError, match="Resources"):
        found["notes"]


@pytest.mark.parametrize(
    ("path", "name"),
    [("templates/db.yaml", "db"), ("templates/team/db.json", "team/db"), ("elsewhere/db.yaml", "db"), ("db.yml", "db")],
)
def test_the_name_is_the_path_below_templates(path: str, name: str) -> None:
    assert template_name(Path(path)) == name
