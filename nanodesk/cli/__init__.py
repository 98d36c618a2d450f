"""The command line: the same editor without a window, and without Qt.

May import editor and everything below it.
"""
