"""One scene for all tests of access; each puts the database back."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from sigforum.extensions import limiter
from sigforum.settings import Settings
from tests.access.scene import Scene, set_scene
from tests.casting import Cast


@pytest.fixture(scope="module")
def set_stage(staged: tuple[Path, Cast], make_app: Callable[[Settings], Flask],
              tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The scene, set once."""
    instance = tmp_path_factory.mktemp("access")
    shutil.copy(staged[0], instance / "sigforum.db")
    # Everybody asks for every page within seconds here: at a person's own pace each would answer that it is too fast,
    # and show no canary.
    app = make_app(Settings(secret_key="a secret of the tests", instance=instance, base_url="http://localhost",
                            async_mode="threading", pace=1000))
    with app.app_context():
        scene = set_scene(app, staged[1], instance / "sigforum.db")
        yield scene
        scene.let_go()


@pytest.fixture
def scene(set_stage: Scene) -> Iterator[Scene]:
    """The scene as it was set, whatever the test before did to it."""
    limiter.reset()
    set_stage.app.config["WTF_CSRF_ENABLED"] = False
    yield set_stage
    set_stage.put_back()
