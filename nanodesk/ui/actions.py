"""What menus, keys and buttons trigger, as data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Action:
    """One entry of a menu.

    Attributes:
        id: also the name of the method that does it.
        shortcuts: as Qt writes them; the first is shown.
        menu: the menu it stands in; none for one that has only keys.
        needs: what must be there for it to be enabled: "", "document", "layer", "selection", "answer",
            "undo", "redo".
        apart: whether a line separates it from the one before.
        checks: whether it is on or off, and the menu shows which.
    """

    id: str
    title: str
    shortcuts: tuple[str, ...] = ()
    menu: str = ""
    needs: str = ""
    apart: bool = False
    checks: bool = False


MENUS = ("File", "Edit", "Layer", "Image", "Run", "View", "Help")

ACTIONS: tuple[Action, ...] = (
    Action("new_project", "New", ("Ctrl+N",), "File"),
    Action("open_file", "Open…", ("Ctrl+O",), "File"),
    Action("place", "Place as layer…", ("Ctrl+Alt+O",), "File", apart=True),
    Action("place_frames", "Place frames as layers…", (), "File"),
    Action("add_reference", "Add reference…", (), "File"),
    Action("save", "Save", ("Ctrl+S",), "File", "document", apart=True),
    Action("save_as", "Save as…", ("Ctrl+Shift+S",), "File", "document"),
    Action("slim_copy", "Save a slim copy…", (), "File", "document"),
    Action("export", "Export…", ("Ctrl+Alt+Shift+S",), "File", "document"),
    Action("compact", "Compact…", (), "File", "document"),
    Action("close_project", "Close", ("Ctrl+W",), "File", apart=True),
    Action("quit", "Quit", ("Ctrl+Q",), "File"),
    Action("undo", "Undo", ("Ctrl+Z",), "Edit", "undo"),
    Action("redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "Edit", "redo"),
    Action("copy", "Copy layer", ("Ctrl+C",), "Edit", "layer", apart=True),
    Action("copy_merged", "Copy merged", ("Ctrl+Shift+C",), "Edit", "document"),
    Action("paste", "Paste", ("Ctrl+V",), "Edit"),
    Action("paste_new", "Paste as new document", ("Ctrl+Alt+V",), "Edit"),
    Action("select_all", "Select all", ("Ctrl+A",), "Edit", "document", apart=True),
    Action("select_none", "Deselect", ("Ctrl+D", "Ctrl+Shift+A"), "Edit", "selection"),
    Action("select_inverse", "Invert selection", ("Ctrl+Shift+I",), "Edit", "document"),
    Action("settings", "Settings…", ("Ctrl+Alt+P",), "Edit", apart=True),
    Action("duplicate_layer", "Duplicate", ("Ctrl+J",), "Layer", "layer"),
    Action("rename_layer", "Rename", (), "Layer", "layer"),
    Action("remove_layer", "Remove", (), "Layer", "layer"),
    Action("group_layers", "Group", ("Ctrl+G",), "Layer", "layer", apart=True),
    Action("ungroup_layers", "Ungroup", ("Ctrl+Shift+G",), "Layer", "layer"),
    Action("raise_layer", "Raise", ("Ctrl+]",), "Layer", "layer"),
    Action("lower_layer", "Lower", ("Ctrl+[",), "Layer", "layer"),
    Action("hide_layer", "Show or hide", ("Ctrl+,", "Ctrl+Shift+H"), "Layer", "layer", apart=True),
    Action("lock_layer", "Lock or unlock", (), "Layer", "layer"),
    Action("mask_layer", "Mask from selection", (), "Layer", "layer", apart=True),
    Action("unmask_layer", "Remove mask", (), "Layer", "layer"),
    Action("merge_down", "Merge down", ("Ctrl+E",), "Layer", "layer", apart=True),
    Action("flatten", "Flatten", ("Ctrl+Shift+E",), "Layer", "document"),
    Action("show_leak", "What changed…", ("Ctrl+Alt+C",), "Layer", "layer", apart=True),
    Action("own_picture", "Model’s own picture", (), "Layer", "layer"),
    Action("refit", "Refit to what lies below", (), "Layer", "layer"),
    Action("unbake", "Take apart by edit", (), "Layer", "layer"),
    Action("fit_layer", "Fit another tool’s answer", (), "Layer", "layer"),
    Action("crop", "Crop to selection", (), "Image", "selection"),
    Action("resize", "Resize…", (), "Image", "document"),
    Action("rotate_right", "Rotate 90° clockwise", (), "Image", "document", apart=True),
    Action("rotate_left", "Rotate 90° counter-clockwise", (), "Image", "document"),
    Action("rotate_half", "Rotate 180°", (), "Image", "document"),
    Action("flip_horizontal", "Flip horizontally", (), "Image", "document"),
    Action("flip_vertical", "Flip vertically", (), "Image", "document"),
    Action("run", "Run", ("Ctrl+Return", "Ctrl+Enter"), "Run", "document"),
    Action("see_leaving", "See all that leaves…", ("Ctrl+Shift+L",), "Run"),
    Action("cancel_run", "Cancel the newest run", ("Ctrl+.",), "Run"),
    Action("rebase", "Rebase: all edits anew on the original…", (), "Run", "document"),
    Action("write_edit", "Write an edit", ("Ctrl+L",), "Run", apart=True),
    Action("suggest_edits", "Suggest edits…", ("Ctrl+Alt+L",), "Run", "document", apart=True),
    Action("describe_picture", "Describe the picture…", (), "Run", "document"),
    Action("check_edits", "Check which edits were done…", (), "Run", "answer"),
    Action("what_went_wrong", "What went wrong…", (), "Run", "answer"),
    Action("zoom_in", "Zoom in", ("Ctrl++", "Ctrl+="), "View", "document"),
    Action("zoom_out", "Zoom out", ("Ctrl+-",), "View", "document"),
    Action("fit", "Fit", ("Ctrl+0",), "View", "document"),
    Action("actual_size", "100 %", ("Ctrl+1",), "View", "document"),
    Action("compare", "Compare before and after", ("Shift+Y",), "View", "document", apart=True, checks=True),
    Action("panels", "Panels", ("F4", "Ctrl+\\"), "View", checks=True),
    Action("theme_system", "Theme: as the system", (), "View", apart=True, checks=True),
    Action("theme_dark", "Theme: dark", (), "View", checks=True),
    Action("theme_light", "Theme: light", (), "View", checks=True),
    Action("next_project", "Next document", ("Ctrl+Tab", "Ctrl+PgDown"), "View", apart=True),
    Action("previous_project", "Previous document", ("Ctrl+Shift+Tab", "Ctrl+PgUp"), "View"),
    Action("next_panel", "Next panel", ("F6",), "View"),
    Action("previous_panel", "Previous panel", ("Shift+F6",), "View"),
    Action("open_menu", "Menu", ("F10",)),
    Action("search", "Search actions…", ("Ctrl+K", "Ctrl+/"), "Help"),
    Action("shortcuts", "Keyboard shortcuts", ("F1",), "Help"),
    Action("about", "About Nanodesk", (), "Help"),
)

CANVAS_KEYS: tuple[tuple[str, str], ...] = (
    ("V", "Move"),
    ("M", "Rectangle selection"),
    ("L", "Lasso selection"),
    ("B", "Mask brush"),
    ("X or E", "Mask brush: show or hide"),
    ("[ and ]", "Mask brush: smaller, larger; with Shift softer, harder"),
    ("1 … 0", "Mask brush: opacity 10 … 100 %"),
    ("O", "Mask brush: tint what is hidden"),
    ("I", "Take a colour"),
    ("H", "Pan, or drag with Space held"),
    ("\\ or Y", "Hold to see it before"),
    ("1 to 9", "Show an answer of the strip in place"),
    ("← →", "The answer before or after it"),
    ("Space", "Hold to see it before, while an answer is shown"),
    ("⏎", "Accept the answer shown"),
    ("⌫", "Discard the answer shown"),
    ("Esc", "Leave the answer shown; then put the strip away"),
    ("Shift+1", "Fit"),
    ("Shift+0", "100 %"),
)
"""What single keys do while the canvas has the keyboard, for the page of shortcuts; the canvas itself reads them."""
