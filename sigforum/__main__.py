"""python -m sigforum: the same as the `sigforum` command."""

from sigforum.cli import main

main(prog_name="sigforum")
