"""iTerm2's inline pictures, which WezTerm and VS Code understand too.

Source: iTerm2 documentation, "Inline Images Protocol" (OSC 1337).
"""

from __future__ import annotations

import base64


def inline_image(jpeg: bytes, width_cells: int, height_cells: int) -> bytes:
    """Return the escape code that draws a JPEG at the cursor without moving it.

    Its size is given in cells and the aspect kept, so a picture never grows beyond the cells that
    were reserved for it, whatever a terminal takes a pixel to be.
    """
    size = f"width={width_cells};height={height_cells}"
    keys = f"inline=1;size={len(jpeg)};{size};preserveAspectRatio=1;doNotMoveCursor=1"
    text = base64.b64encode(jpeg).decode("ascii")
    return f"\x1b]1337;File={keys}:{text}\x07".encode("ascii")
