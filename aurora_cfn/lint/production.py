"""Whether a resource is for production, as far as the template says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aurora_cfn.lint.variant import Resource, Variant, step
from aurora_cfn.template.forms import scalar_text

_STAGE: Final = re.compile(r"(deploy(ment)?)?-?_?(env|environment|stage)-?_?(name|type)?\Z", re.IGNORECASE)
_PRODUCTION: Final = re.compile(r"(prod|production|prd|live)([-_].*)?\Z", re.IGNORECASE)


def is_production(resource: Resource) -> bool | None:
    """True or False by a stage parameter or a stage tag; None when neither says anything."""
    stages = [*_parameters(resource.variant), *_tags(resource)]
    return any(_PRODUCTION.match(stage) for stage in stages) if stages else None


def _parameters(variant: Variant) -> Iterator[str]:
    for name, value in variant.parameters().items():
        text = scalar_text(value)
        if text and _STAGE.match(name):
            yield text


def _tags(resource: Resource) -> Iterator[str]:
    for tag in resource.items("Tags") or ():
        key, value = (step(tag, name, resource.variant).text for name in ("Key", "Value"))
        if key and value and _STAGE.match(key):
            yield value
