"""Settings as values. The config room reads and writes them; every other room only takes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

GraphicsName = Literal["auto", "kitty", "sixel", "iterm", "halfblock", "none"]
PassthroughName = Literal["ask", "yes", "no"]
Density = Literal["compact", "normal", "comfortable"]


@dataclass(frozen=True, slots=True)
class LibrarySettings:
    """`[library]`: where pictures are."""

    output_path: str = ""
    """ComfyUI's output folder; opened when no folder is named."""
    input_path: str = ""
    """ComfyUI's input folder: a root of its own, hidden from the default view."""
    extra_roots: tuple[str, ...] = ()
    """More folders that belong to the library."""


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """`[scan]`: what is indexed and how."""

    workers: int = 0
    """Parser processes for large scans; 0 chooses by the number of cores."""
    exclude: tuple[str, ...] = ()
    """Folder names or glob patterns that are skipped."""
    hidden: bool = False
    """Index files and folders whose name starts with a dot."""


@dataclass(frozen=True, slots=True)
class ViewSettings:
    """`[view]`: how it looks."""

    thumbnail_size: int = 256
    """Longest side of a thumbnail in pixels: 128 to 512 in steps of 64."""
    thumbnail_quality: int = 85
    """JPEG quality of stored thumbnails, 1 to 100."""
    theme: str = "dark"
    """Name of a theme file."""
    density: Density = "normal"
    """Cards in a row: compact 6, normal 4, comfortable 3."""
    mouse: bool = True
    """Take mouse clicks; false leaves selecting text to the terminal."""
    animate_focus: bool = False
    """Let animations and scenes of videos play on the card under the cursor; not on slow lines."""


@dataclass(frozen=True, slots=True)
class CacheSettings:
    """`[cache]`: what thumbnails may use."""

    max_size_mb: int = 1000
    """Limit of the thumbnail cache on disk: 100 to 10000."""


@dataclass(frozen=True, slots=True)
class GraphicsSettings:
    """`[graphics]`: how pictures are drawn."""

    protocol: GraphicsName = "auto"
    """auto, kitty, sixel, iterm, halfblock or none."""
    passthrough: PassthroughName = "ask"
    """Let pictures through tmux in the pane of the program: ask, yes or no."""


@dataclass(frozen=True, slots=True)
class ToolSettings:
    """`[tools]`: external programs."""

    ffmpeg: str = "ffmpeg"
    """Name or path of ffmpeg."""
    ffprobe: str = "ffprobe"
    """Name or path of ffprobe."""
    openers: tuple[str, ...] = ()
    """Programs for `O`, as `video: mpv --vo=tct {}`; `{}` stands for the file."""


@dataclass(frozen=True, slots=True)
class SafetySettings:
    """`[safety]`: what may be changed."""

    read_only: bool = False
    """Refuse every change of files and marks."""
    confirm: bool = True
    """Ask before a change that touches more than one file."""
    trash_days: int = 0
    """Days after which what is in the trash is deleted for ever; 0: never."""
    import_max_mb: int = 100
    """Largest file that an import takes without being told otherwise; 0: any size."""


@dataclass(frozen=True, slots=True)
class ComfySettings:
    """`[comfyui]`: the server."""

    url: str = "http://127.0.0.1:8188"
    """Address of a ComfyUI on this machine, for `doctor` and the first start; empty: not asked."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, defaults applied."""

    library: LibrarySettings = field(default_factory=LibrarySettings)
    scan: ScanSettings = field(default_factory=ScanSettings)
    view: ViewSettings = field(default_factory=ViewSettings)
    cache: CacheSettings = field(default_factory=CacheSettings)
    graphics: GraphicsSettings = field(default_factory=GraphicsSettings)
    tools: ToolSettings = field(default_factory=ToolSettings)
    safety: SafetySettings = field(default_factory=SafetySettings)
    comfyui: ComfySettings = field(default_factory=ComfySettings)
    keys: tuple[tuple[str, str], ...] = ()
    """`[keys]`: pairs of binding id and keys that replace a default."""
