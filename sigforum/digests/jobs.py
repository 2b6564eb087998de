"""What the worker does about digests: queuing those whose time has come. The mails' own sweep sends them."""

from sigforum.digests.planning import plan_digests
from sigforum.kernel.clock import now


def sweep_digests() -> None:
    """Every minute, queue the mails that are due."""
    plan_digests(now())
