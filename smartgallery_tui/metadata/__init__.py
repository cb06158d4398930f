"""Read how a file was made out of the texts that its container carries."""

from smartgallery_tui.metadata.extract import READER_VERSION, extract, payloads
from smartgallery_tui.metadata.payloads import Payloads

__all__ = ["READER_VERSION", "Payloads", "extract", "payloads"]
