"""Pictures on the screen: the layer, the driver and the cells that widgets draw with."""

from smartgallery_tui.ui.pictures.driver import GalleryDriver
from smartgallery_tui.ui.pictures.layer import PictureLayer
from smartgallery_tui.ui.pictures.wishes import PictureKey, PictureSource, Placed, thumbnail_key

__all__ = [
    "GalleryDriver",
    "PictureKey",
    "PictureLayer",
    "PictureSource",
    "Placed",
    "thumbnail_key",
]
