"""Read how a file was made out of the texts that its container carries."""

from smartgallery_tui.metadata.blanks import Blanked
from smartgallery_tui.metadata.extract import extract, payloads
from smartgallery_tui.metadata.generators import read_stealth_alpha
from smartgallery_tui.metadata.payloads import Payloads
from smartgallery_tui.metadata.reader import READER_VERSION, Reader, look_of, version_of
from smartgallery_tui.metadata.rules import NO_RULES, RuleProblem, Rules, parse_rules
from smartgallery_tui.metadata.templates import Template, UnfitError
from smartgallery_tui.metadata.votes import Vote, Votes
from smartgallery_tui.metadata.widgets import Orders, learn

__all__ = [
    "NO_RULES",
    "READER_VERSION",
    "Blanked",
    "Orders",
    "Payloads",
    "Reader",
    "RuleProblem",
    "Rules",
    "Template",
    "UnfitError",
    "Vote",
    "Votes",
    "extract",
    "learn",
    "look_of",
    "parse_rules",
    "payloads",
    "read_stealth_alpha",
    "version_of",
]
