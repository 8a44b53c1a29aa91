"""The protocol of each AWS API, from which ministack knows the Content-Type of an answer.

ministack 1.5.33 imports botocore and keeps its whole model of each service that answers: 7 MiB with CloudFormation
alone, 23 MiB more with EC2. It reads nothing but `metadata` from it, which stands at the head of the file.
"""

from __future__ import annotations

import gzip
import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

from ministack.core import responses

MODEL = "service-2.json.gz"
HEAD_CHARACTERS = 4096
"""In botocore 1.44 the longest `metadata` ends after 606."""


def install() -> None:
    """Let ministack read the metadata alone."""
    names, data = responses._BOTOCORE_NAME, models()
    responses._service_model = cache(lambda service: service_model(data, names.get(service, service)))


def models() -> Path:
    """The folder of botocore's models; botocore itself is not imported."""
    spec = find_spec("botocore")
    return Path(spec.origin).parent / "data" if spec and spec.origin else Path()


def service_model(data: Path, name: str) -> SimpleNamespace | None:
    """The `metadata` of the newest version, as botocore's model has it; None for a service that it does not have."""
    files = sorted((data / name).glob(f"*/{MODEL}"))  # the folders between are dates
    if not files:
        return None
    with gzip.open(files[-1], "rt", encoding="utf-8") as file:
        head = file.read(HEAD_CHARACTERS)
    start = head.find("{", head.find('"metadata"'))
    return SimpleNamespace(metadata=json.JSONDecoder().raw_decode(head, start)[0])
