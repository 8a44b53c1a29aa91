"""Regions of an Aurora DSQL cluster that cannot work together."""

from __future__ import annotations

from aurora_cfn.parameters import Check, Values

WITNESS_NEEDED = "PeerClusterArn needs WitnessRegion, the third region between both clusters"


def region_checks() -> tuple[Check, ...]:
    """The witness beside the peer."""
    return (
        Check(("WitnessRegion", "PeerClusterArn"), _peer_without_witness),
        Check(("WitnessRegion", "PeerClusterArn"), _witness_beside_peer),
    )


def _witness_beside_peer(values: Values) -> str | None:
    witness, peer = values["WitnessRegion"], values["PeerClusterArn"]
    same = bool(peer) and peer.split(":")[3] == witness
    return f"WitnessRegion {witness} is the region of the peer: it must be a third one" if same else None


def _peer_without_witness(values: Values) -> str | None:
    alone = values["PeerClusterArn"] and not values["WitnessRegion"]
    return WITNESS_NEEDED if alone else None
