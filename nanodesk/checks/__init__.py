"""What a result is worth: scores of what changed, of text, identity and blend.

May import imaging, document and resources.
"""
