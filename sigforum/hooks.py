"""The hook of the worker's process, which features at every height answer."""

from sigforum.kernel.hooks import Hook

worker_started: Hook[[], None] = Hook("The worker starts: take up what an earlier one left unfinished.")
