"""`aurora-cfn docs`: the documentation that came with this version."""

from __future__ import annotations

import click


@click.command()
@click.argument("page", required=False)
@click.option("--path", is_flag=True, help="Print where the file of the page is, or the folder of all.")
def command(page: str | None, path: bool) -> None:
    """Print a page of the documentation of this version; without PAGE, list the pages.

    On a terminal the page opens in $PAGER, or in less; in a pipe it is plain Markdown. The name of a page is that of
    its file: operating, operating.md and docs/operating.md are the same, and operating#connect is that section alone.

    Exit codes: 0 printed, 2 wrong usage, 3 there is no such page or section.

    \b
    Examples:
      aurora-cfn docs
      aurora-cfn docs operating
      aurora-cfn docs deploying#exit-codes
      aurora-cfn docs operating | grep -n snapshot
      ${EDITOR:-vi} "$(aurora-cfn docs operating --path)"
    """
    from aurora_cfn.cli.runs.docs import page_list, page_path, page_text, pages_folder
    from aurora_cfn.cli.terminal.messages import write_paged, write_stdout
    from aurora_cfn.cli.terminal.rows import print_rows

    if path:
        write_stdout(str(page_path(page) if page else pages_folder()))
    elif page:
        write_paged(page_text(page))
    else:
        print_rows(page_list(), "table", cut_last=True)
