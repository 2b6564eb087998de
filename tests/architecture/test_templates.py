"""Templates: each is used, each fragment has one owner, and none carries code the security policy forbids."""

import re
from pathlib import Path

from tests.architecture.source import TEMPLATES, listed, program, template_files

# Found by name at run time: a folder of plug-ins, and mails by the name stored in their row.
DYNAMIC_FOLDERS = ("ballots/kinds/", "people/mail/")
LITERAL = re.compile(r"""["']([a-z_]+/(?:[a-z_]+/)?[a-z_]+\.(?:html|txt|md|xml|css)(?:\.jinja)?)["']""")
PULLED_IN = re.compile(r"""\{%-?\s*(?:extends|include|import|from)\s+["']([^"']+)["']""")
# WeasyPrint reads the one, with its address fetcher locked; the other is a file to keep, with a policy of its own,
# and the site hands it out as a download only.
NEVER_IN_A_BROWSER = {"summaries/pdf.html", "summaries/offline.html",
                      # Mail programs know no style sheets of ours.
                      "digests/mail.html", "digests/_mail_parts.html"}
LONGEST = 150


def name_of(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


def without_comments(path: Path) -> str:
    return re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def test_every_template_is_used() -> None:
    named = {name for source in program() for name in LITERAL.findall("\n".join(source.lines))}
    named |= {name for path in template_files() for name in PULLED_IN.findall(without_comments(path))}
    # The files at the top are shared by all features and named without a folder.
    unused = [name_of(path) for path in template_files()
              if name_of(path) not in named and not name_of(path).startswith(DYNAMIC_FOLDERS)]
    assert not unused, listed(unused, "Nobody renders, extends, includes or imports these. Delete them, or use them.")
    missing = sorted(name for name in named if name.endswith((".html", ".txt")) and not (TEMPLATES / name).exists())
    assert not missing, listed(missing, "These are named and are not there.")


def test_every_fragment_has_one_owner() -> None:
    wrong = []
    for path in template_files():
        for used in PULLED_IN.findall(without_comments(path)):
            folder, _, file = used.rpartition("/")
            if file.startswith("_") and folder and folder.split("/")[0] != name_of(path).split("/")[0]:
                wrong.append(f"{name_of(path)} pulls in {used}")
    for source in program():
        for used in LITERAL.findall("\n".join(source.lines)):
            folder, _, file = used.rpartition("/")
            if file.startswith("_") and source.feature != folder.split("/")[0]:
                wrong.append(f"{source.name} renders {used}")
    assert not wrong, listed(wrong, "A fragment belongs to its feature: others reach it through a hook, "
                                    "its showing.py or a live renderer. What all features need goes to "
                                    "_macros.html or _charts.html.")


def test_templates_carry_no_inline_code() -> None:
    patterns = {
        "a style attribute": r"<[^>]*\sstyle\s*=", "a style element": r"<style\b",
        "a script in the page": r"<script(?![^>]*\b(?:src|type=\"importmap\"))[^>]*>",
        "an on... handler": r"<[^>]*\son[a-z]+\s*=", "a javascript: address": r"javascript:"}
    wrong = []
    for path in template_files():
        if path.suffix != ".html" or name_of(path) in NEVER_IN_A_BROWSER:
            continue
        # What Jinja writes is taken out first: its own quotes and signs would end a tag too early.
        text = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "x", without_comments(path), flags=re.DOTALL)
        wrong += [f"{name_of(path)} has {what}" for what, pattern in patterns.items()
                  if re.search(pattern, text, re.IGNORECASE)]
    assert not wrong, listed(wrong, "The security policy refuses these in every browser. Use a class in static/css/, a "
                                    "module in static/js/ and data- attributes.")


def test_templates_are_short() -> None:
    long = [f"{name_of(path)} has {count} lines" for path in template_files()
            if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST]
    assert not long, listed(long, f"Past {LONGEST} lines a template holds two things; move one into a fragment.")
