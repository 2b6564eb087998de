"""What the log asks the features."""

from sigforum.kernel.hooks import Hook

acts_through: Hook[[int | None], str] = Hook("How the person of this number is signed in, where the log notes it.")
