"""The files that `aurora-cfn init` writes into an empty repository."""

from __future__ import annotations

from importlib.resources import files

# Without the leading dot in the package, since packaging tools leave such files out.
_PLACES = {
    "github/workflows/aurora-cfn.yml": ".github/workflows/aurora-cfn.yml",
    "pre-commit-config.yaml": ".pre-commit-config.yaml",
    "gitattributes": ".gitattributes",
    "params/local.yaml": "params/local.yaml",
    "params/dev.yaml": "params/dev.yaml",
    "params/production.yaml": "params/production.yaml",
    "README.md": "README.md",
}


def starter_files(version: str) -> dict[str, str]:
    """Texts by path in the repository; `version` of aurora-cfn is the one that its workflow installs."""
    folder = files("aurora_cfn.starter")
    return {
        place: folder.joinpath(*name.split("/")).read_text(encoding="utf-8").replace("@VERSION@", version)
        for name, place in _PLACES.items()
    }
