"""The files that `init` writes into an empty repository, and where each of them goes."""

from __future__ import annotations

from importlib.resources import files

# Names on disk carry no leading dot, so that no packaging tool leaves them out.
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
    """Path in the new repository to text; `version` is the aurora-cfn that its workflow installs."""
    folder = files("aurora_cfn.starter")
    return {
        place: folder.joinpath(*name.split("/")).read_text(encoding="utf-8").replace("@VERSION@", version)
        for name, place in _PLACES.items()
    }
