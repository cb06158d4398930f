"""The registry: every action of every screen with its keys, words and place.

Key bindings, the hint row, the `?` help, the palette and the README table are made from this one
list. Keys are written as people know them; two keys with a blank between them are pressed one
after the other. An id is `<screen>.<name>`; `app` stands for all screens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from smartgallery_tui.ui.format import count

Scope = Literal["grid", "detail"]
GRID: tuple[Scope, ...] = ("grid",)
DETAIL: tuple[Scope, ...] = ("detail",)
BOTH: tuple[Scope, ...] = ("grid", "detail")

GROUPS = ("Move", "View", "Search", "Mark", "Change", "Files", "Copy", "Go to", "Program")
"""Headings of the help, in order."""


BATCH_HINTS = (
    "app.favorite", "app.rate_5", "app.status", "app.tags", "app.albums", "app.move", "app.trash",
    "app.export_original", "app.compare", "app.copy_path", "app.shell", "app.escape",
)  # fmt: skip
"""What the hint row offers while items are marked, as far as it exists, in order."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that a user can do."""

    id: str
    keys: tuple[str, ...]
    action: str
    """What the screen calls: the name of an `action_` method with its arguments."""
    label: str
    """Two or three words for the hint row and the palette."""
    tooltip: str
    """One sentence for the help."""
    group: str
    screens: tuple[Scope, ...] = BOTH
    hint: int = 0
    """Place in the hint row, 1 first; 0 is not shown there."""


YANKS: tuple[tuple[str, str, str], ...] = (
    ("p", "path", "the path"),
    ("n", "name", "the name"),
    ("d", "folder", "the folder"),
    ("+", "positive", "the prompt"),
    ("-", "negative", "the negative prompt"),
    ("s", "seed", "the seed"),
    ("w", "workflow", "the workflow"),
    ("a", "prompt", "the API prompt"),
    ("l", "loras", "the LoRAs"),
    ("m", "parameters", "the generation text"),
    ("j", "json", "all fields as JSON"),
    ("r", "fetch", "a line that fetches the file"),
)
"""What can be copied: second key of the chord, name, words."""

EXPORTS: tuple[tuple[str, str, str], ...] = (
    ("w", "workflow", "the workflow"),
    ("a", "prompt", "the API prompt"),
    ("c", "clean", "a clean copy"),
    ("o", "original", "the original"),
    ("v", "csv", "a table (CSV)"),
    ("j", "jsonl", "the fields (JSON lines)"),
    ("z", "archive", "an archive (ZIP or tar)"),
)
"""What can be exported: second key of the chord, name, words."""

ACTIONS: tuple[Action, ...] = (
    # Move
    Action("grid.left", ("h", "left"), "move(-1, 0)", "Left",
           "Move the cursor left; in the list, choose a column.", "Move", GRID),
    Action("grid.down", ("j", "down"), "move(0, 1)", "Down", "Move the cursor down.", "Move", GRID),
    Action("grid.up", ("k", "up"), "move(0, -1)", "Up", "Move the cursor up.", "Move", GRID),
    Action("grid.right", ("l", "right"), "move(1, 0)", "Right",
           "Move the cursor right; in the list, choose a column.", "Move", GRID),
    Action("detail.left", ("h", "left"), "pan(-1, 0)", "Previous",
           "Show the previous item; zoomed in, pan left.", "Move", DETAIL, hint=2),
    Action("detail.right", ("l", "right"), "pan(1, 0)", "Next",
           "Show the next item; zoomed in, pan right.", "Move", DETAIL, hint=3),
    Action("detail.down", ("j", "down"), "pan(0, 1)", "Scroll down",
           "Scroll the information down; zoomed in, pan down.", "Move", DETAIL),
    Action("detail.up", ("k", "up"), "pan(0, -1)", "Scroll up",
           "Scroll the information up; zoomed in, pan up.", "Move", DETAIL),
    Action("app.first", ("g g", "home"), "first", "First", "Go to the first item.", "Move"),
    Action("app.last", ("G", "end"), "last", "Last", "Go to the last item.", "Move"),
    Action("app.page_down", ("pagedown",), "page(1)", "Page down",
           "Go a page down; in the detail, scroll the information.", "Move"),
    Action("app.page_up", ("pageup",), "page(-1)", "Page up",
           "Go a page up; in the detail, scroll the information.", "Move"),
    Action("app.half_down", ("J", "ctrl+d"), "page(0.5)", "Half a page down",
           "Go half a page down; in the detail, scroll the information.", "Move"),
    Action("app.half_up", ("K", "ctrl+u"), "page(-0.5)", "Half a page up",
           "Go half a page up; in the detail, scroll the information.", "Move"),
    Action("app.next", ("n",), "step(1)", "Next", "Go to the next item.", "Move"),
    Action("app.previous", ("p",), "step(-1)", "Previous", "Go to the previous item.", "Move"),
    Action("app.next_marked", ("N",), "step_marked(1)", "Next marked",
           "Go to the next marked item.", "Move"),
    Action("app.previous_marked", ("P",), "step_marked(-1)", "Previous marked",
           "Go to the previous marked item.", "Move"),
    # View
    Action("grid.open", ("enter", "o"), "open", "Open", "Show the picture large.", "View", GRID,
           hint=1),
    Action("detail.close", ("enter", "o", "q"), "close", "Back", "Go back to the grid.", "View",
           DETAIL, hint=1),
    Action("detail.next_tab", ("tab",), "tab(1)", "Next tab",
           "Show the next tab of the information: fields, prompts, nodes, files, raw.", "View",
           DETAIL),
    Action("detail.previous_tab", ("shift+tab",), "tab(-1)", "Previous tab",
           "Show the previous tab of the information.", "View", DETAIL),
    Action("detail.fold", ("F",), "fold", "Fold nodes",
           "Walk the tree of nodes: h and l close and open one, - and + all; F leaves it.", "View",
           DETAIL),
    Action("detail.raw", ("I",), "raw", "Raw data", "Show the raw data of the file.", "View",
           DETAIL),
    Action("detail.find", ("/",), "find", "Find in the information",
           "Find words in the open tab of the information; Enter goes to the next.", "Search",
           DETAIL),
    Action("detail.rotate_left", ("<",), "rotate(-1)", "Rotate left",
           "Rotate the view to the left; the file stays.", "View", DETAIL),
    Action("detail.rotate_right", (">",), "rotate(1)", "Rotate right",
           "Rotate the view to the right; the file stays.", "View", DETAIL),
    Action("detail.flip", ("_",), "flip(False)", "Flip",
           "Flip the view horizontally; the file stays.", "View", DETAIL),
    Action("detail.flip_vertically", ("\\",), "flip(True)", "Flip vertically",
           "Flip the view vertically; the file stays.", "View", DETAIL),
    Action("detail.info", ("i",), "info", "Info",
           "Show or hide the information; it stays open from item to item.", "View", DETAIL,
           hint=4),
    Action("grid.bigger", ("+", "="), "resize(1)", "Bigger",
           "Make the pictures bigger; in the list, sort by the chosen column, again: turned round.",
           "View", GRID),
    Action("grid.smaller", ("-",), "resize(-1)", "Smaller",
           "Make the pictures smaller; in the list, sort like `=`.", "View", GRID),
    Action("detail.zoom_in", ("+", "="), "zoom(1)", "Zoom in", "Zoom in.", "View", DETAIL),
    Action("detail.zoom_out", ("-",), "zoom(-1)", "Zoom out", "Zoom out.", "View", DETAIL),
    Action("detail.fit", ("w",), "fit", "Fit", "Fit the picture to the screen.", "View", DETAIL),
    Action("detail.actual", ("W",), "actual", "Actual size", "Show one pixel for one pixel.",
           "View", DETAIL),
    Action("grid.density", ("Z",), "density", "Density",
           "Put the cards closer together, or apart: compact, normal, comfortable; "
           "`:density normal` at once.", "View", GRID),
    # Search
    Action("grid.search", ("/",), "search", "Search", "Type a search.", "Search", GRID, hint=2),
    Action("grid.filter", ("F",), "filter", "Filter", "Open the filters, or go back to the grid.",
           "Search", GRID, hint=3),
    Action("grid.subfolders", (".",), "subfolders", "Subfolders",
           "Let the chosen folder mean all beneath it, or itself alone.", "Search", GRID),
    Action("grid.drop_term", (";",), "drop_term", "Take away",
           "Choose a part of the search and take it away.", "Search", GRID),
    Action("grid.folder_up", ("<",), "folder_up", "Folder above",
           "Go to the folder above the open one; the other filters stay.", "Go to", GRID),
    Action("grid.folder_into", (">",), "folder_into", "Into folder",
           "Go one folder further down, towards the file under the cursor.", "Go to", GRID),
    Action("grid.back", ("backspace",), "back", "Last search",
           "Go back to the previous search and its cursor.", "Search", GRID),
    Action("grid.sort", (",",), "sort", "Sort", "Choose the order.", "Search", GRID, hint=6),
    Action("app.previous_group", ("[",), "step_group(-1)", "Previous group",
           "Go to the first item of the day, folder or group before.", "Move"),
    Action("app.next_group", ("]",), "step_group(1)", "Next group",
           "Go to the first item of the next day, folder or group.", "Move"),
    Action("app.searches", ("'",), "searches", "Saved searches",
           "Choose a saved search, an album or a recent query; Tab renames, deletes or notes it.",
           "Search"),
    Action("grid.save_search", (), "save_search", "Save search",
           "Keep this search and its order under a name.", "Search", GRID),
    Action("app.alike", ("*",), "alike", "More like this",
           "Find items of the same prompt, seed, model, LoRA, workflow or batch.", "Search"),
    Action("app.cull", ("T",), "cull", "Cull mode",
           "Step on by itself after each mark, rating or status.", "Mark"),
    Action("app.zen", ("z",), "zen", "Only pictures", "Hide everything but the pictures.", "View"),
    Action("app.slideshow", ("s",), "slideshow", "Slideshow",
           "Show one picture after the other; again: stop.", "View"),
    Action("app.storyboard", ("E",), "storyboard", "Storyboard",
           "Show eleven frames of a video or animated picture.", "View"),
    Action("detail.play", ("S",), "play", "Play or pause",
           "Pause an animated picture, or let it go on; show scenes of a video.", "View", DETAIL),
    Action("detail.previous_frame", ("(",), "frame(-1)", "Previous frame",
           "Show the frame before and stay on it; of a video one of eleven.", "View", DETAIL),
    Action("detail.next_frame", (")",), "frame(1)", "Next frame",
           "Show the next frame and stay on it; of a video one of eleven.", "View", DETAIL),
    Action("app.openers", ("O",), "openers", "Open with",
           "Choose a program to open the file with.", "View"),
    Action("app.shell", ("!",), "shell", "Shell command",
           "Run a command on the files; it is shown before it runs.", "Program"),
    Action("app.compare", ("c",), "compare", "Compare",
           "Put two to four marked items side by side, with what differs.", "View"),
    Action("app.follow", ("L",), "follow", "Follow",
           "Show the newest file large, and each newer one as it lands; again: leave off.",
           "Program"),
    Action("app.go_month", ("g d",), "pick_facet('month')", "Month", "Go to a month, or leave it.",
           "Go to"),
    Action("app.go_folder", ("g f",), "pick_facet('folder')", "Folder",
           "Go to a folder; other filters stay, and the same folder again is left.", "Go to"),
    Action("app.go_album", ("g a",), "pick_facet('album')", "Album", "Go to an album, or leave it.",
           "Go to"),
    Action("app.go_trash", ("g t",), "trash_screen", "Trash",
           "Show the trash: bring back, delete for ever.", "Go to"),
    Action("app.statistics", ("g s",), "statistics", "Statistics", "Show the totals.", "Go to"),
    Action("app.jobs", ("g j",), "jobs", "Jobs", "Show what runs, and stop it.", "Go to"),
    Action("app.log", ("g l",), "log", "Log",
           "Show the end of the log, by level, and all that was said.", "Go to"),
    Action("grid.group", ("g b",), "group", "Group by",
           "Put headings above days, folders, prompts or models.", "View", GRID),
    Action("grid.close_group", ("(",), "close_group", "Close group",
           "Show the group under the cursor as one card; a mark on it marks all of it.", "View",
           GRID),
    Action("grid.open_group", (")",), "open_group", "Open group",
           "Show all items of the closed group under the cursor, like Enter.", "View", GRID),
    Action("grid.close_groups", ("{",), "all_groups(True)", "Close all groups",
           "Show every group as one card.", "View", GRID),
    Action("grid.open_groups", ("}",), "all_groups(False)", "Open all groups",
           "Show all items of all groups.", "View", GRID),
    Action("grid.hidden", ("g h",), "hidden", "Hidden files",
           "Show files and folders whose name starts with a dot, or leave them out.", "View",
           GRID),
    Action("grid.list", ("g v",), "list", "List",
           "Change between pictures and lines; there, left and right choose a column to sort by "
           "with + or =.", "View", GRID),
    Action("app.settings", ("g ,",), "settings", "Settings", "Change the settings.", "Go to"),
    Action("grid.info", ("i",), "info", "Info",
           "Show or hide what is known of the item under the cursor, beside the cards.", "View",
           GRID),
    Action("grid.next_tab", ("tab",), "tab(1)", "Next tab",
           "Show the next tab of the information; from the filters, go to the cards.", "View",
           GRID),
    Action("grid.previous_tab", ("shift+tab",), "tab(-1)", "Previous tab",
           "Show the previous tab of the information.", "View", GRID),
    Action("grid.raw", ("I",), "raw", "Raw data",
           "Show the raw data of the file under the cursor.", "View", GRID),
    Action("grid.info_down", ("ctrl+e",), "scroll_info(0.5)", "Scroll the information down",
           "Scroll the information beside the cards down.", "View", GRID),
    Action("grid.info_up", ("ctrl+y",), "scroll_info(-0.5)", "Scroll the information up",
           "Scroll the information beside the cards up.", "View", GRID),
    Action("grid.list_picture", (), "list_picture", "Picture beside the list",
           "Show the picture beside the lines, or leave the room to them.", "View", GRID),
    Action("app.graphics", (), "graphics", "Graphics",
           "Draw pictures by kitty, sixel, iTerm2 or half blocks; `:graphics sixel` at once.",
           "View"),
    Action("app.theme", (), "theme", "Theme", "Choose the colours.", "View"),
    # Mark
    Action("app.mark_step", ("space",), "mark(True)", "Mark", "Mark the item and step on.", "Mark",
           hint=4),
    Action("app.mark", ("x",), "mark(False)", "Mark in place", "Mark the item.", "Mark"),
    Action("grid.range", ("v",), "range", "Range",
           "Start a range at the cursor; again: mark it.", "Mark", GRID),
    Action("grid.invert", ("V",), "invert", "Invert marks", "Mark what is not marked.", "Mark",
           GRID),
    Action("grid.mark_all", ("A",), "mark_all", "Mark all", "Mark every result.", "Mark", GRID),
    Action("app.favorite", ("f",), "favorite", "Favourite",
           "Make the marked items favourites, or take it back.", "Change", hint=5),
    *(
        Action(f"app.rate_{stars}", (str(stars),), f"rate({stars})",
               count(stars, "star") if stars else "No stars",
               f"Give {count(stars, 'star')}." if stars else "Take the stars away.", "Change")
        for stars in (1, 2, 3, 4, 5, 0)
    ),
    Action("app.status", ("Y",), "status", "Status", "Set the review status.", "Change"),
    Action("app.tags", ("t",), "names('tag')", "Tags", "Add and remove tags.", "Change"),
    Action("app.albums", ("a",), "names('album')", "Albums",
           "Put into albums, or take out of them.", "Change"),
    Action("app.note", ("M",), "note", "Note", "Write a note.", "Change"),
    Action("app.undo", ("u",), "undo", "Undo",
           "Take the last change back, of marks or of files.", "Change"),
    Action("app.redo", ("U",), "redo", "Redo", "Make it again.", "Change"),
    # Files
    Action("app.rename", ("r",), "rename", "Rename", "Give the file another name.", "Files"),
    Action("app.move", ("m",), "move_files", "Move or copy",
           "Move or copy to a folder of the library, or to a new one.", "Files"),
    Action("app.trash", ("d", "delete"), "trash", "Trash", "Move to the trash.", "Files"),
    Action("app.delete", ("D",), "delete", "Delete for ever",
           "Delete for ever; a word has to be typed.", "Files"),
    *(
        Action(f"app.export_{kind}", (f"e {key}",), f"export('{kind}')", f"Export {words}",
               f"Write {words} into any folder.", "Files")
        for key, kind, words in EXPORTS
    ),
    Action("app.import", ("e i",), "import", "Import",
           "Copy files or folders of this machine in; `:import PATH` at once, or paste paths.",
           "Files"),
    Action("app.make_folder", (), "folder('make')", "Make folder",
           "Make a folder in the library.", "Files"),
    Action("app.rename_folder", (), "folder('rename')", "Rename folder",
           "Give a folder another name.", "Files"),
    Action("app.trash_folder", (), "folder('trash')", "Trash folder",
           "Move a folder with all that is in it to the trash.", "Files"),
    # Copy
    *(
        Action(f"app.copy_{what}", (f"y {key}",), f"copy('{what}')", f"Copy {words}",
               f"Copy {words} to the clipboard of this terminal.", "Copy")
        for key, what, words in YANKS
    ),
    Action("app.copy_any", ("y y",), "copy_any", "Copy any value",
           "Choose one of all values of the item and copy it.", "Copy"),
    Action("app.copy_workflow_now", ("C",), "copy('workflow')", "Copy workflow",
           "Copy the workflow to the clipboard of this terminal.", "Copy"),
    # Program
    Action("app.escape", ("escape",), "escape", "Step back",
           "Step back: box, search, marks, screen; notices close with it.", "Program"),
    Action("grid.quit", ("q",), "quit", "Quit", "Leave the program.", "Program", GRID, hint=8),
    Action("app.quit_now", ("Q", "ctrl+q"), "app.quit_now", "Quit at once",
           "Leave from any screen.", "Program"),
    Action("app.help", ("?", "f1"), "help", "Help", "Show the keys of this screen.", "Program",
           hint=7),
    Action("app.palette", (":", "ctrl+p"), "app.command_palette", "Palette",
           "Find an action by name; a number goes to that item.", "Program"),
    Action("app.rescan", ("R",), "rescan", "Rescan", "Look for new and changed files.", "Program"),
    Action("app.offers", (), "app.offers", "Restore user data",
           "Take in marks that another machine left in these folders.", "Program"),
    Action("app.read_again", (), "read_again", "Read again",
           "Read the metadata of the marked items, or of this one, from their files again.",
           "Program"),
    Action("app.read_all_again", (), "read_all_again", "Read all again",
           "Read the metadata of all files again, or of those last read over an hour ago.",
           "Program"),
    Action("app.redraw", ("ctrl+l",), "app.redraw", "Redraw",
           "Draw everything again and send the pictures again.", "Program"),
    Action("app.suspend", ("ctrl+z",), "app.suspend_process", "Suspend",
           "Put the program in the background; `fg` brings it back.", "Program"),
)  # fmt: skip


def for_screen(scope: Scope) -> tuple[Action, ...]:
    """Return the actions of a screen in the order of the list."""
    return tuple(action for action in ACTIONS if scope in action.screens)
