"""The window: shows the editor and turns gestures into calls on it. Qt lives here.

May import editor, imaging, document and resources; never engines, storage, formats or a network library.
"""
