"""`aurora-cfn completion`: the script that completes commands and options in a shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from aurora_cfn.cli.terminal.messages import write_stdout


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the completion script of a shell, to be evaluated by its start-up file.

    Exit codes: 0 printed, 2 no such shell.

    \b
    Examples:
      echo 'eval "$(aurora-cfn completion bash)"' >> ~/.bashrc
      echo 'eval "$(aurora-cfn completion zsh)"' >> ~/.zshrc
      aurora-cfn completion fish > ~/.config/fish/completions/aurora-cfn.fish
    """
    kind = get_completion_class(shell)
    assert kind is not None
    root = ctx.find_root()
    write_stdout(kind(root.command, {}, root.info_name or "aurora-cfn", "_AURORA_CFN_COMPLETE").source())
