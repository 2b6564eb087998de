"""The running server of the live tests, for what consoles and projectors hear."""

from tests.live.conftest import running, stage

__all__ = ["running", "stage"]
