"""The processes under measurement: the web process and the yardstick, alone on their core."""

import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """A running server."""

    process: "subprocess.Popen[bytes]"
    port: int

    @property
    def cpu_seconds(self) -> float:
        """How long it has been running on a processor, all threads together."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    @property
    def resident_bytes(self) -> int:
        """How much memory it holds."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def web_process(environ: dict[str, str], *, port: int = 0) -> Iterator[Server]:
    """`python wsgi.py` with these settings, at a port of its own unless one is named."""
    port = port or free_port()
    with _started([str(ROOT / "wsgi.py")], port=port, environ=environ | {
            "SIGFORUM_HOST": "127.0.0.1", "SIGFORUM_PORT": str(port)}) as server:
        yield server


@contextmanager
def bare_process() -> Iterator[Server]:
    """The yardstick."""
    port = free_port()
    with _started(["-m", "bench.live.yardstick", str(port)], port=port, environ={}) as server:
        yield server


def free_port() -> int:
    """A port nobody listens at now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def take_own_core() -> None:
    """Run this process, the generator, on another core than the servers, with room for many connections."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) > 1:
        os.sched_setaffinity(0, set(cores[1:]))
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _pin_to_first_core() -> None:
    os.sched_setaffinity(0, {0})


@contextmanager
def _started(arguments: list[str], *, port: int, environ: dict[str, str]) -> Iterator[Server]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SIGFORUM_")}
    process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=inherited | environ,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               preexec_fn=_pin_to_first_core)
    try:
        _wait_for(process, port)
        yield Server(process, port)
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=10)


def _wait_for(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
