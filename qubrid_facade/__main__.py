"""``python -m qubrid_facade``, and the script ``qubrid``."""

from __future__ import annotations

import importlib.util
import sys


def main() -> int:
    """Run the command line and return the exit status."""
    for needed in ("click", "rich"):
        if importlib.util.find_spec(needed) is None:
            sys.stderr.write(
                'The command line is not installed. Install it with: pip install "qubrid-facade[cli]"\n'
            )
            return 1
    from .cli.app import run

    return run()


if __name__ == "__main__":
    sys.exit(main())
