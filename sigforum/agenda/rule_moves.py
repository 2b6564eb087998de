"""Questions that a newer agenda takes to a session with another rule of attribution: listed, and asked about."""

from dataclasses import dataclass

from sigforum.agenda.importing.changes import AgendaChange
from sigforum.agenda.models import ForumSession, Question
from sigforum.extensions import db
from sigforum.kernel.errors import Invalid

# What a session that an agenda adds begins with.
_FIRST_RULE = "named"
# The field with which an import says that such moves are meant.
CONFIRMED = "rules_confirmed"


@dataclass(frozen=True, kw_only=True)
class RuleMove:
    """A question on its way from a session with one rule to a session with another."""

    text: str
    code_before: str
    rule_before: str
    code_after: str
    rule_after: str
    responses: int


def rule_moves(change: AgendaChange) -> tuple[RuleMove, ...]:
    """Every question that the change takes to a session with another rule. What was said there keeps the rule under
    which it was said wherever that is the stricter one; what is said from then on has the other rule."""
    asked = [one for group in (change.questions_moved, change.questions_reworded, change.questions_restored,
                               change.questions_unchanged) for one in group]
    found = []
    for one in asked:
        question = db.session.get(Question, one.id) if one.id is not None else None
        if question is None or one.place_after is None:
            continue
        before: ForumSession = question.forum_session
        after = db.session.get(ForumSession, change.matches.get(one.place_after.code, 0))
        rule_after = after.attribution if after is not None else _FIRST_RULE
        if after is not before and rule_after != before.attribution:
            found.append(RuleMove(text=one.after or "", code_before=before.code, rule_before=before.attribution,
                                  code_after=one.place_after.code, rule_after=rule_after,
                                  responses=one.response_count))
    return tuple(found)


def check_rule_moves(change: AgendaChange, *, are_confirmed: bool) -> None:
    """Raises Invalid where questions go to a session with another rule and nobody said that this is meant."""
    found = rule_moves(change)
    if found and not are_confirmed:
        places = "; ".join(f"“{one.text}” from {one.code_before} ({one.rule_before}) to {one.code_after} "
                           f"({one.rule_after})" for one in found)
        raise Invalid({CONFIRMED: f"This takes questions to a session with another rule of attribution: {places}. "
                                  "Nothing was imported. Confirm that it is meant."})
