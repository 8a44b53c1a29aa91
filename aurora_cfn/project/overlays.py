"""The overlays of the project: `overlays/NAME.yaml` changes the template that the blueprint NAME renders."""

from __future__ import annotations

from pathlib import Path

from aurora_cfn.project.files import ENDING, read_text
from aurora_cfn.template.overlay import Overlay, TagForm
from aurora_cfn.template.resource_schema import schema
from aurora_cfn.yamltext import read_template

OVERLAYS = Path("overlays")


def overlay_of(name: str) -> Overlay | None:
    """The overlay of a blueprint, None where it has none. Raises InputError when the file cannot be read."""
    path = overlay_files().get(name)
    return None if path is None else Overlay(path.as_posix(), read_template(read_text(path), str(path)), tag_form)


def overlay_files(folder: Path = OVERLAYS) -> dict[str, Path]:
    """Name of the blueprint to file, in alphabetical order."""
    return {path.stem: path for path in sorted(folder.glob(f"*{ENDING}"))} if folder.is_dir() else {}


def tag_form(kind: str) -> TagForm | None:
    """How a resource type takes tags, by its schema; None for one that takes none, or has no public schema."""
    found = schema(kind)
    name = (found.tags or "Tags") if found else ""
    shape = found.shape((name,)) if found else {}
    if not found or not shape or (name,) in found.read_only:
        return None
    if shape.get("type") == "object":
        return TagForm(name, is_mapping=True)
    # Tags of an Auto Scaling group: the one key more that is required of each.
    required = found.shape((name, 0)).get("required", ())
    return TagForm(name, more={"PropagateAtLaunch": True} if "PropagateAtLaunch" in required else {})
