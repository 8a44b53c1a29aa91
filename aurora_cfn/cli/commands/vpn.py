"""`aurora-cfn vpn`: make certificates and profiles for the Client VPN."""

from __future__ import annotations

from pathlib import Path

import click

from aurora_cfn.cli.options import AwsOptions, aws_options, environment_option
from aurora_cfn.cli.terminal.messages import write_stdout
from aurora_cfn.errors import InputError

folder_option = click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False),
    help="Where the private keys are; by default ~/.local/share/aurora-cfn/vpn/ENV.",
)  # fmt: skip


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
    env: str, clients: tuple[str, ...], server_name: str | None, days: int, imports: bool, folder: Path | None,
    aws: AwsOptions,
) -> None:  # fmt: skip
    """Make the certificates that are missing or expire within 30 days: authority, server, clients.

    The private keys stay in a folder that only you can read (0700), outside of every git work tree. The server's
    certificate is imported into ACM, and renewed under the same ARN; the clients' keys are not uploaded. The
    parameter for the client-vpn template goes to stdout. One authority signs server and clients, so
    ClientRootCertificateArn can stay empty.

    Exit codes: 0 made, or nothing is missing, 3 no safe place for the keys, 4 AWS refused.

    \b
    Examples:
      aurora-cfn vpn certificates --env dev --client anna
      aurora-cfn vpn certificates --env dev --no-import
    """
    from aurora_cfn.cli.runs.target import read_target
    from aurora_cfn.cli.runs.vpn_keys import import_server, open_folder, renew
    from aurora_cfn.vpn import SERVER, CertificateRequest

    target = read_target(env, aws)
    place = open_folder(folder, env)
    made = renew(place, CertificateRequest(clients, server_name or f"vpn.{env}.internal", days))
    if imports:
        arn = import_server(target, place, renewed=SERVER in made)
        write_stdout(f"ServerCertificateArn: {arn}")


@command.command()
@environment_option
@click.option("--client", required=True, metavar="NAME", help="Whose profile.")
@click.option("--stack", metavar="NAME", help="Stack of the endpoint, where the environment has several.")
@click.option("--endpoint-id", metavar="ID", help="Client VPN endpoint, instead of the stack's.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File; by default NAME.ovpn by the keys.")
@folder_option
@aws_options
def profile(
    env: str, client: str, stack: str | None, endpoint_id: str | None, out: Path | None, folder: Path | None,
    aws: AwsOptions,
) -> None:  # fmt: skip
    """Write the .ovpn file of a client, with its certificate and key, and print its path.

    The file contains the client's private key: only you can read it, and it is not written inside of a git work tree.
    Send it to the client over an encrypted channel, and import it into the AWS VPN Client or OpenVPN.

    Exit codes: 0 written, 3 no key, no endpoint or no safe place, 4 AWS refused.

    \b
    Example:
      aurora-cfn vpn profile --env dev --client anna
    """
    from aurora_cfn.aws.vpn import Ec2VpnEndpoints
    from aurora_cfn.cli.runs.target import read_target
    from aurora_cfn.cli.runs.vpn_keys import endpoint_of, identity_of, open_folder
    from aurora_cfn.project.private_folder import refuse_repository, write_private
    from aurora_cfn.vpn import profile as profile_text

    target = read_target(env, aws)
    if target.local:
        raise InputError("the emulator keeps Client VPN endpoints as records: a profile needs an endpoint in AWS")
    place = open_folder(folder, env)
    identity = identity_of(place, env, client)
    path = out or place.path / f"{client}.ovpn"
    refuse_repository(path)
    endpoint = endpoint_id or endpoint_of(target, stack)
    configuration = Ec2VpnEndpoints(target.session).client_configuration(endpoint)
    write_stdout(str(write_private(path, profile_text(configuration, identity))))
