"""What a press and a drag on the canvas do: one tool a file."""
