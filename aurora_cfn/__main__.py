"""`python -m aurora_cfn`, and the console script."""

from __future__ import annotations

from aurora_cfn.cli import main

if __name__ == "__main__":
    main()
