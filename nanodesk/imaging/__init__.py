"""Pixels in, pixels out: pure functions on arrays.

May import document and resources.
"""
