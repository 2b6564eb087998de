"""The ballot kinds and the consensus rules that fit them, found in their folders."""

from sigforum.ballots.domain import BallotKind
from sigforum.consensus.rule import Rule
from sigforum.consensus.rulebook import all_rules
from sigforum.kernel.errors import NotFound
from sigforum.kernel.registry import load_plugins

KINDS_FOLDER = "sigforum.ballots.kinds"


def all_kinds() -> dict[str, BallotKind]:
    """Every ballot kind by name."""
    return dict(load_plugins(KINDS_FOLDER, "KIND"))


def kind_named(name: str) -> BallotKind:
    """The kind of this name. Raises NotFound."""
    try:
        return all_kinds()[name]
    except KeyError:
        raise NotFound(f"There is no poll kind named '{name}'.") from None


def rules_for(kind: BallotKind) -> dict[str, Rule]:
    """The rules that can judge this kind; the first one is the form's suggestion."""
    if not kind.takes_rule:
        return {}
    return {name: rule for name, rule in all_rules().items() if kind.name in rule.applies_to}
