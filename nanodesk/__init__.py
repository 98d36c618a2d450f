"""Nanodesk: a desktop editor for generative picture editing."""

__version__ = "0.1.0"
