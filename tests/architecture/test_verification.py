"""Counting again shares nothing with counting first."""

import subprocess
import sys

from tests.architecture.source import listed, program

# Reads the command line; everything else is the standard library.
COMMAND_LINE = "click"
PROBE = """
import sys
import sigforum.verification.cli
print(*sorted(name for name in sys.modules if name.startswith("sigforum.") and ".verification" not in name))
print("numpy" in sys.modules, "flask" in sys.modules, "sqlalchemy" in sys.modules)
"""


def test_verification_imports_the_standard_library_and_itself_alone() -> None:
    sources = [source for source in program() if source.feature == "verification"]
    assert len(sources) > 20
    wrong = [f"{source.name}:{line} imports {module}" for source in sources for line, module in source.imports()
             if module.partition(".")[0] not in {*sys.stdlib_module_names, COMMAND_LINE}
             and not module.startswith(("sigforum.kernel.", "sigforum.verification."))]
    assert not wrong, listed(wrong, "A recount that shares code with the count shares its mistakes. Write the formula "
                                    "anew from docs/consensus-rules.md, docs/poll-kinds.md or docs/statistics.md.")


def test_nothing_but_the_command_imports_verification() -> None:
    wrong = [f"{source.name}:{line} imports {module}" for source in program()
             if source.feature != "verification" and source.name != "sigforum/cli.py"
             for line, module in source.imports() if module.startswith("sigforum.verification")]
    assert not wrong, listed(wrong, "The first count may not lean on the second one either.")


def test_verifying_loads_neither_the_program_nor_numpy() -> None:
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["", "False False False"]
