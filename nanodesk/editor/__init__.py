"""One open project: the only room that changes a document or waits for anything. Plain asyncio.

May import engines, checks, storage, formats, imaging, document and resources; never Qt.
"""
