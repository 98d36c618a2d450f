"""What turns a request into pictures, behind one protocol; engines do not know each other.

May import imaging, document and resources.
"""
