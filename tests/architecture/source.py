"""The program's source as these tests read it: parsed, never imported."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "sigforum"
TEMPLATES = ROOT / "templates"
# High to low; a feature may use those to its right.
FEATURES = ("operations", "oversight", "exports", "digests", "search", "summaries", "groups", "facilitation", "ballots",
            "threads", "disclosures", "agenda", "people", "audit", "traces")


@dataclass(frozen=True)
class Source:
    """One Python file; `planted` is a text that stands for the file's own, to show that a rule sees a fault."""

    path: Path
    planted: str = ""

    @property
    def name(self) -> str:
        """Its path inside the repository."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def module(self) -> str:
        """Its dotted name."""
        return self.name.removesuffix(".py").replace("/", ".").removesuffix(".__init__")

    @property
    def feature(self) -> str:
        """The folder below sigforum/ it belongs to; empty at the top."""
        parts = self.path.relative_to(PACKAGE).parts if self.path.is_relative_to(PACKAGE) else ()
        return parts[0] if len(parts) > 1 else ""

    @property
    def lines(self) -> list[str]:
        """Its lines, without line ends."""
        return self.text.splitlines()

    @property
    def text(self) -> str:
        """Its text."""
        return self.planted or self.path.read_text(encoding="utf-8")

    @property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return _parsed(self)

    def nodes(self, *kinds: type) -> Iterator[ast.AST]:
        """The nodes of some kinds, anywhere in the file."""
        return (node for node in ast.walk(self.tree) if isinstance(node, kinds))

    def imports(self) -> Iterator[tuple[int, str]]:
        """Every imported module, with its line. `from a import b` gives `a.b`, so that b may be a module."""
        for node in self.nodes(ast.Import, ast.ImportFrom):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


@cache
def _parsed(source: Source) -> ast.Module:
    return ast.parse(source.text, str(source.path))


@cache
def program() -> tuple[Source, ...]:
    """Every Python file of the program: sigforum/ and wsgi.py."""
    found = [Source(path) for path in sorted(PACKAGE.rglob("*.py"))]
    assert len(found) > 50, "the program's files were not found"
    return (*found, Source(ROOT / "wsgi.py"))


def template_files() -> list[Path]:
    """Every template."""
    found = sorted(path for path in TEMPLATES.rglob("*") if path.is_file())
    assert len(found) > 20, "the templates were not found"
    return found


def listed(problems: list[str], advice: str) -> str:
    """The message of a broken rule: where, and what to do instead."""
    return "\n  ".join([advice, *problems])
