"""The committed templates are the golden files."""

from __future__ import annotations

from pathlib import Path

from aurora_cfn.blueprints import BLUEPRINTS
from aurora_cfn.render import render, stale, template
from aurora_cfn.report.docs import PAGE, templates_page

TEMPLATES = Path(__file__).parent.parent / "templates"


def test_the_committed_templates_are_what_the_blueprints_render_and_there_is_no_orphan() -> None:
    committed = {path.name: path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*.*")}
    texts = {f"{blueprint.name}.yaml": render(blueprint) for blueprint in BLUEPRINTS}
    pages = {PAGE: templates_page([(blueprint, template(blueprint)) for blueprint in BLUEPRINTS])}
    assert [(item.name, item.reason) for item in stale(texts | pages, committed)] == []


def test_rendering_twice_gives_the_same_bytes() -> None:
    assert [render(blueprint) for blueprint in BLUEPRINTS] == [render(blueprint) for blueprint in BLUEPRINTS]
