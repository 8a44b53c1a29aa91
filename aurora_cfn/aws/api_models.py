"""botocore's loader of API models, which looks only for the service that a client is made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import DataNotFoundError
from botocore.loaders import Loader, create_loader


class ApiModels(Loader):
    """Finds what botocore's loader finds, in the same folders.

    Before it loads a model, that one reads the folders of all 434 services, twice: 13 ms of the 200 ms that a client
    and its first call take (botocore 1.43).
    """

    def __init__(self, data_path: str | None) -> None:
        """`data_path` is the setting of that name, for folders beside the usual ones."""
        super().__init__(create_loader(data_path).search_paths, include_default_search_paths=False)

    def list_available_services(self, type_name: str) -> Any:
        """The services with a model of that type; botocore asks whether one is among them."""
        return _Services(self, type_name)


class _Services:
    """Names of services, looked for one by one as long as they are not listed."""

    def __init__(self, models: Loader, type_name: str) -> None:
        self._models, self._type_name = models, type_name

    def __contains__(self, name: str) -> bool:
        try:
            return bool(self._models.list_api_versions(name, self._type_name))
        except DataNotFoundError:
            return False

    def __iter__(self) -> Iterator[str]:
        return iter(Loader.list_available_services(self._models, self._type_name))
