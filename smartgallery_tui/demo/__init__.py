"""A small sample library: pictures drawn by the program with metadata as ComfyUI writes it."""

from smartgallery_tui.demo.library import DemoReport, make_demo

__all__ = ["DemoReport", "make_demo"]
