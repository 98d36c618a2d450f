"""The edit stack as cards, what the plan says of each, and the box that sends them."""
