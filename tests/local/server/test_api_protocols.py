"""The protocol of an API, read from the head of botocore's model as botocore reads it from the whole."""

from __future__ import annotations

from pathlib import Path

import botocore.session
import pytest

from aurora_cfn.local.server.api_protocols import models, service_model


@pytest.mark.parametrize("name", ["cloudformation", "rds", "s3", "secretsmanager", "cloudwatch", "dsql"])
def test_it_is_what_botocore_says(name: str) -> None:
    found = service_model(models(), name)
    assert found is not None
    assert found.metadata == botocore.session.get_session().get_service_model(name).metadata


def test_every_service_can_be_read() -> None:
    names = [path.name for path in models().iterdir() if path.is_dir()]
    found = {name: service_model(models(), name) for name in names}
    assert [name for name, model in found.items() if model is None or "protocol" not in model.metadata] == []


@pytest.mark.parametrize("name", ["nothing", "execute-api"])
def test_a_service_that_botocore_does_not_have(name: str, tmp_path: Path) -> None:
    assert service_model(models(), name) is None
    assert service_model(tmp_path, name) is None
