"""`aurora-cfn vpn`: certificates for the Client VPN, and profiles for its clients."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from aurora_cfn.cli.options import AwsOptions, aws_options, environment_option
from aurora_cfn.errors import AwsError, InputError

if TYPE_CHECKING:
    from aurora_cfn.aws.session import Session
    from aurora_cfn.certificates import Identity
    from aurora_cfn.cli.private_folder import PrivateFolder
    from aurora_cfn.cli.target import Target

GONE = "ResourceNotFoundException"
TEMPLATE = "client-vpn"
Command = TypeVar("Command", bound=Callable[..., Any])


def folder_option(command: Command) -> Command:
    """`--folder PATH`: where the private keys are."""
    return click.option(
        "--folder",
        type=click.Path(path_type=Path, file_okay=False),
        help="Where the private keys are; by default ~/.local/share/aurora-cfn/vpn/ENV.",
    )(command)


@click.group()
def command() -> None:
    """Certificates for the Client VPN of an environment, and profiles for its clients.

    \b
    Examples:
      aurora-cfn vpn certificates --env dev --client anna --client ben
      aurora-cfn deploy --env dev --stack client-vpn
      aurora-cfn vpn profile --env dev --client anna
    """


@command.command()
@environment_option
@click.option("--client", "clients", multiple=True, metavar="NAME", help="Also a certificate for this client.")
@click.option("--server-name", metavar="NAME", help="Name in the server's certificate; by default vpn.ENV.internal.")
@click.option("--days", type=click.IntRange(31, 3650), default=365, show_default=True, help="How long they last.")
@click.option("--import/--no-import", "imports", default=True, help="Import the server's certificate into ACM.")
@folder_option
@aws_options
def certificates(
    env: str,
    clients: tuple[str, ...],
    server_name: str | None,
    days: int,
    imports: bool,
    folder: Path | None,
    aws: AwsOptions,
) -> None:
    """Make what is missing or ends within 30 days: an authority, the server's certificate, the clients'.

    \b
    The private keys stay in a folder that only you may read (0700), outside every git work tree. The
    server's certificate goes to ACM, renewed under the same ARN; clients' keys go nowhere. The
    parameter of the client-vpn template goes to stdout. Clients are trusted by the authority that
    signed the server's certificate too, so that ClientRootCertificateArn can stay empty.

    \b
    Examples:
      aurora-cfn vpn certificates --env dev --client anna
      aurora-cfn vpn certificates --env dev --no-import
    """
    from aurora_cfn.cli.target import target
    from aurora_cfn.vpn.renewal import SERVER, Wish

    goal = target(env, aws)
    place = _folder(folder, env)
    made = _renewed(place, Wish(clients, server_name or f"vpn.{env}.internal", days))
    if imports:
        arn = _imported(goal, place, renewed=SERVER in made)
        click.echo(f"ServerCertificateArn: {arn}")


@command.command()
@environment_option
@click.option("--client", required=True, metavar="NAME", help="Whose profile.")
@click.option("--stack", metavar="NAME", help="Stack of the endpoint, where the environment has several.")
@click.option("--endpoint-id", metavar="ID", help="Client VPN endpoint, instead of the stack's.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File; by default NAME.ovpn by the keys.")
@folder_option
@aws_options
def profile(
    env: str,
    client: str,
    stack: str | None,
    endpoint_id: str | None,
    out: Path | None,
    folder: Path | None,
    aws: AwsOptions,
) -> None:
    """Write the .ovpn file of a client, with its certificate and key in place, and print where it is.

    \b
    The file holds the client's private key: it is readable by you alone, and refused inside a git
    work tree. Give it to the client over a safe way, then import it into the AWS VPN Client or OpenVPN.

    \b
    Example:
      aurora-cfn vpn profile --env dev --client anna
    """
    from aurora_cfn.aws.client_vpn import Ec2VpnEndpoints
    from aurora_cfn.cli.private_folder import refuse_repository, write_private
    from aurora_cfn.cli.target import target
    from aurora_cfn.vpn.profile import profile as profile_text

    goal = target(env, aws)
    if goal.local:
        raise InputError("the emulator keeps Client VPN endpoints as records: a profile needs an endpoint in AWS")
    place = _folder(folder, env)
    identity = _client(place, env, client)
    path = out or place.path / f"{client}.ovpn"
    refuse_repository(path)
    endpoint = endpoint_id or _endpoint(goal, stack)
    configuration = Ec2VpnEndpoints(goal.session).client_configuration(endpoint)
    click.echo(str(write_private(path, profile_text(configuration, identity))))


def _folder(folder: Path | None, env: str) -> PrivateFolder:
    from aurora_cfn.cli.private_folder import PrivateFolder, default_folder

    place = PrivateFolder(folder or default_folder(os.environ, env))
    place.open()
    return place


def _renewed(place: PrivateFolder, wish: Any) -> dict[str, Identity]:
    from aurora_cfn.aws.clock import SystemClock
    from aurora_cfn.certificates import ends
    from aurora_cfn.vpn.renewal import due

    made = due(place.identities(), wish, SystemClock().now())
    for name, identity in made.items():
        place.keep(name, identity)
        click.echo(f"{place.path / name}.crt: made, until {ends(identity.certificate):%Y-%m-%d}", err=True)
    if not made:
        click.echo(f"{place.path}: nothing is missing and nothing ends within 30 days", err=True)
    return made


def _imported(goal: Target, place: PrivateFolder, *, renewed: bool) -> str:
    """The ARN in ACM; the certificate is imported when it is new to ACM or was renewed."""
    from aurora_cfn.vpn.renewal import AUTHORITY, SERVER

    note = f"server.{goal.environment.endpoint}.{goal.session.connection.region}.arn"
    known = place.note(note)
    if known and not renewed:
        click.echo("the server's certificate is in ACM already", err=True)
        return known
    kept = place.identities()
    arn = _import(goal.session, kept[SERVER], kept[AUTHORITY].certificate, known or None)
    place.write(note, arn + "\n")
    click.echo(f"the server's certificate is {'renewed' if arn == known else 'imported'} in ACM", err=True)
    return arn


def _import(session: Session, server: Identity, chain: str, known: str | None) -> str:
    from aurora_cfn.aws.acm import AcmCertificates

    store = AcmCertificates(session)
    try:
        return store.import_certificate(server.certificate, server.key, chain, arn=known)
    except AwsError as error:
        if known is None or error.code != GONE:
            raise
        return store.import_certificate(server.certificate, server.key, chain)


def _client(place: PrivateFolder, env: str, name: str) -> Identity:
    from aurora_cfn.aws.clock import SystemClock
    from aurora_cfn.vpn.profile import refuse_ended
    from aurora_cfn.vpn.renewal import client_file

    identity = place.identities().get(client_file(name))
    if identity is None:
        raise InputError(
            f"{name} has no certificate in {place.path}:"
            f" `aurora-cfn vpn certificates --env {env} --client {name}` makes one"
        )
    refuse_ended(name, identity, SystemClock().now())
    return identity


def _endpoint(goal: Target, stack: str | None) -> str:
    """The endpoint that the environment's stack made. Raises InputError when there is none, or several to choose of."""
    from aurora_cfn.aws.cloudformation import AwsCloudFormation
    from aurora_cfn.deploy.selection import selected

    chosen = [row for row in selected(goal.environment, [stack] if stack else []) if row.template == TEMPLATE]
    if len(chosen) != 1:
        known = ", ".join(row.key for row in chosen) or "none"
        raise InputError(f"{goal.environment.path}: stacks of the template {TEMPLATE}: {known}; --stack names one")
    deployed = AwsCloudFormation(goal.session).stack(chosen[0].name)
    outputs = {output.key: output.value for output in deployed.outputs} if deployed else {}
    if "EndpointId" not in outputs:
        raise InputError(f"{chosen[0].name} is not deployed: `aurora-cfn deploy --env {goal.environment.name}` does it")
    return outputs["EndpointId"]
