"""Files of other programs, with their metadata and provenance.

May import imaging, document and resources.
"""
