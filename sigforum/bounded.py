"""Files from outside are read in a process of their own: with so much time and memory, and never where votes wait.

A file is made by somebody else. A small one can unfold to gigabytes, or take a parser minutes; the process that reads
it is then ended, and everybody else has noticed nothing. What is short is read where it is asked for: to start a
process would cost more.
"""

import importlib
import os
import pickle
import resource
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

from sigforum.kernel.errors import Invalid, Wait

# Reading this much takes some milliseconds whatever it holds.
SHORT_BYTES = 20_000
SECONDS, MEMORY_BYTES = 15, 1_200_000_000
# A process that gives way to all others may wait long for its seconds; that says nothing of the file.
LONGEST_READING = 90
# Beyond the largest list by far; what comes back is held in memory twice.
MOST_ANSWERED = 60_000_000
GIVES_WAY = 10
# So many files are read at a time; who waits longer than this for a turn is asked to come again.
AT_A_TIME, LONGEST_WAIT = 2, 25
_TURNS = threading.BoundedSemaphore(AT_A_TIME)


class Busy(Wait):
    """Too many files are being read just now. Each of them is done or ended after the longest reading."""

    status = 503

    def __init__(self, message: str) -> None:
        super().__init__(f"{message} Nothing was stored.", LONGEST_READING)


def read_outside(read: Callable[..., Any], *arguments: Any, field: str, size: int, **named: Any) -> Any:
    """What a pure function of a module reads from a file of `size` bytes. Raises Invalid as it does, or by `field`
    where it took more time or memory than any honest file, and Busy."""
    if 0 <= size <= SHORT_BYTES:
        return read(*arguments, **named)
    if not _TURNS.acquire(timeout=LONGEST_WAIT):
        raise Busy("Other files are being read.")
    try:
        kind, found = _answer_of((read.__module__, read.__name__, arguments, named), field)
    finally:
        _TURNS.release()
    if kind == "errors":
        raise Invalid(found)
    return found


def _answer_of(question: tuple[Any, ...], field: str) -> tuple[str, Any]:
    # Nothing of the installation's secrets is handed to what looks at a stranger's file.
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SIGFORUM_")}
    environ |= {"OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1",
                "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    child = subprocess.Popen([sys.executable, "-m", __name__, str(SECONDS), str(MEMORY_BYTES)], env=environ,
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        written, _ = child.communicate(pickle.dumps(question), timeout=LONGEST_READING)
    except subprocess.TimeoutExpired:
        raise Busy("The server is too busy to read the file now.") from None
    finally:
        child.kill()
        child.wait()
    if not written or len(written) > MOST_ANSWERED:
        raise Invalid({field: f"The file takes more than {SECONDS} s or too much memory to read, which no list and no "
                              "agenda does. Save it anew, with nothing else in it, or paste its text."})
    answer: tuple[str, Any] = pickle.loads(written)
    return answer


def _main(seconds: int, memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    # Nothing is written and nothing else is started here.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    os.nice(GIVES_WAY)
    module, name, arguments, named = pickle.load(sys.stdin.buffer)
    try:
        answer = ("found", getattr(importlib.import_module(module), name)(*arguments, **named))
    except Invalid as refusal:
        answer = ("errors", refusal.errors)
    except (MemoryError, RecursionError):
        return
    sys.stdout.buffer.write(pickle.dumps(answer))


if __name__ == "__main__":
    _main(*map(int, sys.argv[1:]))
