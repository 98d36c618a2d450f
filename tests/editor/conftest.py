import pytest


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A place of its own for projects, and for what the program keeps of them."""
    monkeypatch.setattr("nanodesk.editor.workspace.state_folder", lambda: tmp_path / "state")
    return tmp_path
