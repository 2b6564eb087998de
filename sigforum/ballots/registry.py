"""The ballot kinds and the consensus rules that fit them, found in their folders."""

from collections.abc import Mapping
from typing import Any

from sigforum.ballots.domain import BallotKind
from sigforum.consensus.bands import TabledShare
from sigforum.consensus.rating_panel import RatingPanel
from sigforum.consensus.rule import Rule, parse_params
from sigforum.consensus.rule_fields import FIRST_VERSION, SAID_ONCE, VERSION
from sigforum.consensus.rulebook import all_rules, rule_named
from sigforum.consensus.scale import Scale
from sigforum.consensus.verdicts import Verdict
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


def judged(rule: Mapping[str, Any], panel: RatingPanel) -> Verdict:
    """The verdict of a stored rule, by the version it was stored with."""
    return rule_named(rule["name"]).judge(panel, rule["params"], version=rule.get(VERSION, FIRST_VERSION))


def described_rule(rule: Mapping[str, Any], *, scale: Scale | None = None) -> str:
    """A stored rule in words, as it was worded when it was stored."""
    return rule_named(rule["name"]).describe(rule["params"], scale=scale, version=rule.get(VERSION, FIRST_VERSION))


def earlier_rule_text(rule: Mapping[str, Any] | None) -> str:
    """What people are told of a rule that was stored with its first version, and so judges otherwise than a new one."""
    if not rule or rule.get(VERSION, FIRST_VERSION) != FIRST_VERSION:
        return ""
    found = rule_named(rule["name"])
    return ("Declared under an earlier version of this rule, and judged by that one: "
            + found.first_version(parse_params(found, rule["params"])))


def tabled_shares(rule: Mapping[str, Any] | None, panel: RatingPanel) -> tuple[TabledShare, ...]:
    """The shares that a stored rule's sentence gives and that stand in no table of themselves; none in rounds that
    opened before tables had them."""
    if rule is None or rule.get(VERSION, FIRST_VERSION) < SAID_ONCE:
        return ()
    found = rule_named(rule["name"])
    return found.tabled(panel.counted, parse_params(found, rule["params"], scale=panel.scale))


def asks_groups(rule: Mapping[str, Any] | None) -> bool:
    """Whether a stored rule asks each stakeholder group."""
    return rule is not None and rule_named(rule["name"]).asks_groups(parse_params(
        rule_named(rule["name"]), rule["params"]))


def rules_for(kind: BallotKind) -> dict[str, Rule]:
    """The rules that can judge this kind; the first one is the form's suggestion."""
    if not kind.takes_rule:
        return {}
    return {name: rule for name, rule in all_rules().items() if kind.name in rule.applies_to}
