"""What a picture is: layers, document, edits, runs, changes and history as frozen values.

Standard library only; no pixels, no files, no waiting.
"""
