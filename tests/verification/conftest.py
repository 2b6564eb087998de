"""The meeting of these tests, held once."""

import shutil
from pathlib import Path

import pytest

from sigforum.settings import Settings
from tests.casting import Cast
from tests.conftest import changing
from tests.verification.meeting import Held, hold_meeting


@pytest.fixture(scope="session")
def held(staged: tuple[Path, Cast], tmp_path_factory: pytest.TempPathFactory) -> Held:
    """The bundle of a meeting in which everything was voted on."""
    folder = tmp_path_factory.mktemp("held")
    shutil.copy(staged[0], folder / "sigforum.db")
    with changing(Settings(secret_key="holding", instance=folder, async_mode="threading")):
        voted = hold_meeting(staged[1])
        return Held(voted.bundle(), {name: poll.id for name, poll in voted.polls.items()})
