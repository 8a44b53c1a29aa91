"""`python -m aurora_cfn`, and the console script."""

from __future__ import annotations

import sys


def main() -> None:
    """Entry point of the console script; Ctrl-C while the command line is loaded ends it without a traceback too."""
    try:
        from aurora_cfn.cli import main as run
    except KeyboardInterrupt:
        from aurora_cfn.errors import EXIT_INTERRUPTED

        sys.exit(EXIT_INTERRUPTED)
    run()


if __name__ == "__main__":
    main()
