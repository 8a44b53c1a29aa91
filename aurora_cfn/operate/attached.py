"""What RDS has attached to a cluster, as far as the caller may read it; no call resumes a database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from aurora_cfn.errors import AwsError
from aurora_cfn.model.rds_database import Cluster
from aurora_cfn.ports.surroundings import Attachments

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Attached:
    """What RDS has attached to a cluster, as far as it was read."""

    proxies: Sequence[str] = ()
    integrations: Sequence[str] = ()
    global_cluster: tuple[str, bool] | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    maintenance: Sequence[str] = ()
    blue_green: Sequence[str] = ()

    def global_database(self, cluster: Cluster) -> tuple[str, bool] | None:
        """The global database, and whether the cluster is its primary, as it is where it names one itself."""
        return self.global_cluster or ((cluster.global_cluster, True) if cluster.global_cluster else None)


def attached_to(cluster: Cluster, ask: Attachments, note: Callable[[str], None]) -> Attached:
    """What keeps a cluster awake as well as from being upgraded; what is not read is noted. Raises AwsError."""
    group = cluster.parameter_group
    return Attached(
        read_or_note("RDS proxies", note, lambda: ask.proxies(cluster.identifier)) or (),
        read_or_note("zero-ETL integrations", note, lambda: ask.integrations(cluster.arn)) or (),
        read_or_note("global databases", note, lambda: ask.global_cluster(cluster.arn)),
        (read_or_note("parameters", note, lambda: ask.changed_parameters(group)) if group else None) or {},
    )


def read_or_note(what: str, note: Callable[[str], None], ask: Callable[[], Found]) -> Found | None:
    """The answer; None, after a note with AWS's reason, where it is denied or unsupported. Raises other AwsErrors."""
    try:
        return ask()
    except AwsError as error:
        if not (error.denied or error.unsupported):
            raise
        note(f"{what}: {error}")
        return None
