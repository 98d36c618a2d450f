"""What a model says about the picture, on a card over the canvas."""
