"""Every consensus rule there is, found in its folder."""

from sigforum.consensus.rule import Rule
from sigforum.kernel.errors import NotFound
from sigforum.kernel.registry import load_plugins

RULES_FOLDER = "sigforum.consensus.rules"


class RuleUnknown(NotFound):
    """A rule name that no file in the folder of rules answers to."""


def all_rules() -> dict[str, Rule]:
    """The rules by name, in the order of their files."""
    return dict(load_plugins(RULES_FOLDER, "RULE"))


def rule_named(name: str) -> Rule:
    """The rule of this name; raises RuleUnknown."""
    try:
        return all_rules()[name]
    except KeyError:
        raise RuleUnknown(f"There is no consensus rule named “{name}”.") from None
