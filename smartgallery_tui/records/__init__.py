"""Values that rooms hand to each other: frozen, slotted, without behaviour or I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from smartgallery_tui.records.events import (
        Emit,
        Event,
        FileProgress,
        LibraryChanged,
        Notice,
        Severity,
        SyncProgress,
        SyncReport,
        SyncState,
        Told,
    )
    from smartgallery_tui.records.files import (
        CANCELLED,
        Facets,
        FacetValue,
        Frame,
        GroupField,
        ImportPlan,
        Item,
        LibraryStats,
        Outcome,
        Picture,
        SharedData,
        SortKey,
        State,
        Status,
        Trashed,
        UserData,
    )
    from smartgallery_tui.records.generation import (
        Container,
        Generation,
        Headline,
        Kind,
        LoraUse,
        NamedText,
        NameRole,
        NameUse,
        SamplingPass,
    )
    from smartgallery_tui.records.settings import (
        CacheSettings,
        ComfySettings,
        Density,
        GraphicsName,
        GraphicsSettings,
        LibrarySettings,
        SafetySettings,
        ScanSettings,
        Settings,
        ToolSettings,
        ViewSettings,
    )

__all__ = [
    "CANCELLED",
    "CacheSettings",
    "ComfySettings",
    "Container",
    "Density",
    "Emit",
    "Event",
    "FacetValue",
    "Facets",
    "FileProgress",
    "Frame",
    "Generation",
    "GraphicsName",
    "GraphicsSettings",
    "GroupField",
    "Headline",
    "ImportPlan",
    "Item",
    "Kind",
    "LibraryChanged",
    "LibrarySettings",
    "LibraryStats",
    "LoraUse",
    "NameRole",
    "NameUse",
    "NamedText",
    "Notice",
    "Outcome",
    "Picture",
    "SafetySettings",
    "SamplingPass",
    "ScanSettings",
    "Settings",
    "Severity",
    "SharedData",
    "SortKey",
    "State",
    "Status",
    "SyncProgress",
    "SyncReport",
    "SyncState",
    "Told",
    "ToolSettings",
    "Trashed",
    "UserData",
    "ViewSettings",
]

_HOMES: Final = ("generation", "files", "events", "settings")
"""Modules of this package in the order in which a name is looked for."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Import a record with its module on first use: who reads files needs one of them alone."""
        if name in __all__:
            from importlib import import_module

            for home in _HOMES:
                module = import_module(f"{__name__}.{home}")
                if hasattr(module, name):
                    return getattr(module, name)
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
