"""A small app with a grid and a lightbox over drawn pictures, for tests on a pty."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Probe the terminal and run until `q`."""
    from smartgallery_tui.terminal import prepare_environment, probe

    prepare_environment(os.environ)
    caps = probe(os.environ.get("TEST_GRAPHICS", "auto"))
    if len(sys.argv) > 1 and sys.argv[1] == "--probe":
        print(f"{caps.protocol}|{caps.reason}|{caps.rtt_ms:.0f}", end="", flush=True)
        os.read(0, 10)
        return
    from tests.ui.pty.pictures import GalleryForTests

    app = GalleryForTests(caps, total=int(os.environ.get("TEST_TOTAL", "240")))
    pacer = app.pictures.link.pacer
    if os.environ.get("TEST_LINK") == "fast":
        pacer.slow_bytes_per_s = 0  # however busy the machine is
    elif os.environ.get("TEST_LINK") == "slow":
        pacer._rates.extend([150_000.0] * 5)
    app.run()


if __name__ == "__main__":
    main()
