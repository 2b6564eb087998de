"""The identity provider of the tests, started and stopped."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import requests

from tests.serving import ROOT, free_port


@contextmanager
def identity_provider() -> Iterator[str]:
    """A running provider; its address, which is its issuer too."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "tests.people.identity_provider", str(port)], cwd=ROOT)
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                requests.get(f"http://127.0.0.1:{port}/jwks", timeout=5)
                break
            except requests.ConnectionError:
                assert process.poll() is None, "the provider has ended"
                assert time.monotonic() < deadline, "the provider does not answer"
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)
