"""Plug-ins are found by their folder."""

import sys
from pathlib import Path

import pytest

from sigforum.kernel.registry import load_plugins


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Makes a package of plug-ins: file name -> the plug-in's name, or None for a file without one."""
    def make(name: str, **files: str | None) -> str:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "__init__.py").write_text('"""Plug-ins of a test."""\n')
        for file, plugin in files.items():
            text = "" if plugin is None else f"class P:\n    name = {plugin!r}\n\n\nTHING = P()\n"
            (folder / f"{file}.py").write_text(text)
        return name
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)
    load_plugins.cache_clear()
    yield make
    load_plugins.cache_clear()
    for name in set(sys.modules) - before:
        if name.startswith("plugins_"):
            del sys.modules[name]


def test_plugins_come_in_the_order_of_their_files(package) -> None:
    assert list(load_plugins(package("plugins_a", b="second", a="first", c="third"), "THING")) == [
        "first", "second", "third"]


def test_file_without_a_plugin_is_passed_over(package) -> None:
    assert list(load_plugins(package("plugins_b", shared=None, one="one"), "THING")) == ["one"]


def test_two_plugins_of_one_name_are_refused(package) -> None:
    with pytest.raises(ValueError, match="are named 'same'; rename one"):
        load_plugins(package("plugins_c", one="same", two="same"), "THING")


def test_empty_folder_has_no_plugins(package) -> None:
    assert load_plugins(package("plugins_d"), "THING") == {}
