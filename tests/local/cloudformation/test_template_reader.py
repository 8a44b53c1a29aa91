"""libyaml and ministack's own reader make the same of a template."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_cfn.local.cloudformation.template_reading import use_libyaml

ROOT = Path(__file__).parents[3]
TEXTS = {
    **{path.name: path.read_text() for path in sorted((ROOT / "templates").glob("*.yaml"))},
    **{path.name: path.read_text() for path in sorted((ROOT / "tests/foreign/templates").rglob("*.y*ml"))},
    "tags and dates": "Day: 2010-09-09\nA: [!GetAtt B.C.D, !GetAtt [B, C], !Sub 'x', !Ref Y, 010]\n",
}


@pytest.mark.parametrize("name", TEXTS)
def test_both_readers_make_the_same_of_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from ministack.services.cloudformation import engine

    own = engine._parse_template(TEXTS[name])
    monkeypatch.setattr(engine, "CfnLoader", engine.CfnLoader)
    use_libyaml()
    assert engine._parse_template(TEXTS[name]) == own
