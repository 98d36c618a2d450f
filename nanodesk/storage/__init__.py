"""Bytes on disk: project file, schema, migrations, journal, settings, key store.

May import imaging, document and resources.
"""
