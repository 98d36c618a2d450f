"""The layered history: one row a layer with the run that made it, and the tree of steps."""
