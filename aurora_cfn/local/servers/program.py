"""An installation of a database server on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Program:
    """PostgreSQL, MySQL or MariaDB; `executable` is the server, beside its other programs.

    `source` is where it was found: the setting, PATH, `system`, or a package.
    """

    product: str
    executable: Path
    version: str
    major: int
    """What data and programs have in common: 17 of PostgreSQL 17.10, 804 of MySQL 8.4, 1011 of MariaDB 10.11."""
    source: str

    @property
    def title(self) -> str:
        """Its name and version for a person: `PostgreSQL 17.10`, `MariaDB 10.11.19`."""
        return f"{self.product} {self.version}"

    @property
    def folder(self) -> Path:
        """Where its programs are."""
        return self.executable.parent

    @property
    def is_mariadb(self) -> bool:
        """Whether MariaDB stands in for MySQL."""
        return self.product == "MariaDB"
