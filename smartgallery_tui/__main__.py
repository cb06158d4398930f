"""Entry point of `smartgallery` and of `python -m smartgallery_tui`."""

from __future__ import annotations

import gc
import sys


def main() -> int:
    """Run the command line and return its exit code."""
    try:
        from smartgallery_tui.cli import run  # the entry point itself stays importable for free

        return run(sys.argv[1:])
    except KeyboardInterrupt:  # while modules are loaded, too
        return 130
    finally:
        # The interpreter searches everything for cycles when it ends: that is 20 ms, and frees
        # nothing that the end of the process does not.
        gc.freeze()


if __name__ == "__main__":
    sys.exit(main())
