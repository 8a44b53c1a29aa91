"""The loader of API models against botocore's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from botocore.exceptions import UnknownServiceError
from botocore.loaders import Loader, create_loader

from aurora_cfn.aws.api_models import ApiModels

SERVICES = ("cloudformation", "rds", "rds-data", "logs")


@pytest.mark.parametrize("service", SERVICES)
def test_a_model_is_the_one_that_botocore_loads(service: str) -> None:
    assert ApiModels(None).load_service_model(service, "service-2") == Loader().load_service_model(service, "service-2")


def test_only_the_folder_of_the_service_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the folders of all services are read")

    monkeypatch.setattr(Loader, "list_available_services", refuse)
    assert ApiModels(None).load_service_model("sts", "service-2")["metadata"]["serviceId"] == "STS"


def test_an_unknown_service_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownServiceError) as mine:
        ApiModels(None).load_service_model("nothing", "service-2")
    with pytest.raises(UnknownServiceError) as theirs:
        Loader().load_service_model("nothing", "service-2")
    assert str(mine.value) == str(theirs.value)


def test_all_services_are_listed_where_they_are_asked_for() -> None:
    assert list(ApiModels(None).list_available_services("service-2")) == Loader().list_available_services("service-2")


def test_a_data_path_comes_before_the_usual_folders(tmp_path: Path) -> None:
    place = tmp_path / "own" / "2026-11-29"
    place.mkdir(parents=True)
    (place / "service-2.json").write_text('{"metadata": {"serviceId": "Own"}}')
    models = ApiModels(str(tmp_path))
    assert models.search_paths == create_loader(str(tmp_path)).search_paths
    assert models.load_service_model("own", "service-2") == {"metadata": {"serviceId": "Own"}}
