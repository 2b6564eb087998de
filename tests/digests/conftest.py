"""A real mail server for each test."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.digests.posting import use
from tests.serving import Mailbox


@pytest.fixture
def mailbox(app: Flask) -> Iterator[Mailbox]:
    """A mail server, and the application told of it; people reach the site over TLS."""
    box = Mailbox()
    use(app, box)
    yield box
    box.stop()
