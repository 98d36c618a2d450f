"""The pictures that are sent along, in order, and small pictures of layers and references."""
