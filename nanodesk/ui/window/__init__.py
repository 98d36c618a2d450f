"""What stands around the canvas and the dock: top bar, tool rail, status bar, start page, notices."""
