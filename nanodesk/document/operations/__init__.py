"""Pure functions that give a changed document or state; one small module a family."""
