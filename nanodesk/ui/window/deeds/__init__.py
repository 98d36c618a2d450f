"""What the actions do: one method for each, by the action's id; a module a menu."""
