"""Virtual-hosted addresses of templates and stack policies in S3, with the bucket in the host name.

ministack 1.5.33 takes the bucket from the path only. Source: S3 User Guide, "Virtual hosting of general purpose
buckets"; read 2026-11.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ministack.services.cloudformation import helpers

_IN_HOST = re.compile(r"https://(?P<bucket>[a-z0-9.-]+?)\.(?P<service>s3[a-z0-9.-]*\.amazonaws\.com(\.cn)?)/")


def install() -> None:
    """Rewrite the addresses before they are read."""
    # The other modules import it when they call it, so this place is enough.
    helpers._resolve_document = _rewriting(helpers._resolve_document)


def _rewriting(inner: Callable[..., Any]) -> Callable[..., Any]:
    def resolve(parameters: Mapping[str, Any], body_key: str, url_key: str, label: str) -> Any:
        url = helpers._p(parameters, url_key)
        return inner({**parameters, url_key: [path_style(url)]} if url else parameters, body_key, url_key, label)

    return resolve


def path_style(url: str) -> str:
    """The address with the bucket as the first part of the path; one of another form as it is."""
    return _IN_HOST.sub(r"https://\g<service>/\g<bucket>/", url, count=1)
