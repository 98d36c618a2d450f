"""What the command line can do, by name: all that is asked before it is known whether a window is wanted."""

VERBS = ("edit", "plan", "show", "revert", "export", "fit", "models", "doctor")
