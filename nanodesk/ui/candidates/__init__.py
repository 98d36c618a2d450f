"""The strip over the canvas: what the runs bring, shown in place and decided on."""
