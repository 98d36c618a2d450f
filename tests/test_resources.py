from nanodesk import resources


def test_a_checkout_reads_the_folder_beside_the_package():
    assert resources.resource_path("icons").parent.name == "resources"


def test_an_installed_package_reads_the_folder_inside_it(tmp_path, monkeypatch):
    monkeypatch.setattr(resources, "_INSTALLED", tmp_path)
    assert resources.resource_path("icons", "crop.svg") == tmp_path / "icons" / "crop.svg"
