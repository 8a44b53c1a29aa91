"""What the commands of `aurora-cfn vpn` do with keys, certificates and the endpoint."""

from __future__ import annotations

import os
from pathlib import Path

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.cloudformation import AwsCloudFormation
from aurora_cfn.aws.session import Session
from aurora_cfn.aws.vpn import AcmCertificates
from aurora_cfn.certificates import Identity, ends
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.messages import write_stderr
from aurora_cfn.deploy.desired import selected
from aurora_cfn.errors import NOT_FOUND, AwsError, InputError
from aurora_cfn.project.private_folder import PrivateFolder, default_folder
from aurora_cfn.vpn import AUTHORITY, SERVER, CertificateRequest, client_file, due, refuse_ended

TEMPLATE = "client-vpn"


def open_folder(folder: Path | None, env: str) -> PrivateFolder:
    """The folder of the environment's keys. Raises InputError when others can read it, or it is in a git work tree."""
    place = PrivateFolder(folder or default_folder(os.environ, env))
    place.open()
    return place


def renew(place: PrivateFolder, request: CertificateRequest) -> dict[str, Identity]:
    """The new identities by file name, kept in the folder. Raises InputError when the authority itself ends."""
    made = due(place.identities(), request, SystemClock().now())
    for name, identity in made.items():
        place.keep(name, identity)
        write_stderr(f"{place.path / name}.crt: made, until {ends(identity.certificate):%Y-%m-%d}")
    if not made:
        write_stderr(f"{place.path}: nothing is missing and nothing ends within 30 days")
    return made


def import_server(target: Target, place: PrivateFolder, *, renewed: bool) -> str:
    """The ARN in ACM; the certificate is imported when it is new to ACM or was renewed."""
    # An ARN means nothing in another region, or at another endpoint.
    note = f"server.{target.environment.endpoint}.{target.session.connection.region}.arn"
    known = place.note(note)
    if known and not renewed:
        write_stderr("the server's certificate is in ACM already")
        return known
    kept = place.identities()
    arn = _import(target.session, kept[SERVER], kept[AUTHORITY].certificate, known or None)
    # Kept, so that a renewal replaces it: ACM imports a certificate without an ARN as another one.
    place.write(note, arn + "\n")
    write_stderr(f"the server's certificate is {'renewed' if arn == known else 'imported'} in ACM")
    return arn


def _import(session: Session, server: Identity, chain: str, known: str | None) -> str:
    store = AcmCertificates(session)
    try:
        return store.import_certificate(server.certificate, server.key, chain, arn=known)
    except AwsError as error:
        if known is None or error.code != NOT_FOUND:
            raise
        # It was deleted in ACM since: a new one is imported.
        return store.import_certificate(server.certificate, server.key, chain)


def identity_of(place: PrivateFolder, env: str, name: str) -> Identity:
    """The identity of a client. Raises InputError when there is none, or its certificate has expired."""
    identity = place.identities().get(client_file(name))
    if identity is None:
        raise InputError(
            f"{name} has no certificate in {place.path}:"
            f" `aurora-cfn vpn certificates --env {env} --client {name}` makes one"
        )
    refuse_ended(name, identity, SystemClock().now())
    return identity


def endpoint_of(target: Target, stack: str | None) -> str:
    """The id of the Client VPN endpoint in the environment. Raises InputError when it has none, or several."""
    chosen = [row for row in selected(target.environment, [stack] if stack else []) if row.template == TEMPLATE]
    if len(chosen) != 1:
        known = ", ".join(row.key for row in chosen) or "none"
        raise InputError(f"{target.environment.path}: stacks of the template {TEMPLATE}: {known}; --stack names one")
    deployed = AwsCloudFormation(target.session).stack(chosen[0].name)
    endpoint = deployed.output("EndpointId") if deployed else None
    if endpoint is None:
        raise InputError(
            f"{chosen[0].name} is not deployed: `aurora-cfn deploy --env {target.environment.name}` does it"
        )
    return endpoint
