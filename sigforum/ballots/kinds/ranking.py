"""Ranking: options in order of preference, equal places and a short list allowed, ties shown in the result."""

from collections.abc import Mapping, Sequence
from typing import Any

from sigforum.ballots.choosing import (
    answer_beside,
    describe_beside,
    everywhere,
    form_beside,
    place_beside,
    read_offer,
    settings_words,
    who_answered,
)
from sigforum.ballots.domain import (
    Answer,
    Column,
    Headcount,
    Paper,
    Result,
    ResultLine,
    form_number,
    is_abstention,
    is_outside,
)
from sigforum.ballots.naming import NAMES, WITHOUT_STOPS, names_in_sentences
from sigforum.consensus.borda import borda_points
from sigforum.consensus.concordance import Concordance, concordance, describe_concordance, permutations_for
from sigforum.consensus.fast_one_less import rankings_one_less
from sigforum.consensus.friedman import describe_friedman, friedman_test
from sigforum.consensus.one_person_less import OnePersonLess, describe_one_person_less
from sigforum.consensus.pairwise import Pairwise, Ranking, complete, count_pairs
from sigforum.consensus.schulze import SchulzeOrder, schulze_order
from sigforum.consensus.tiers import describe_tiers, shared_ranks
from sigforum.kernel.errors import Invalid

LARGEST_TOP = 100
# A live tally may not hold up the room: fewer shuffles where there is more to shuffle, and the result says how many;
# an electorate gets Friedman's chi-square instead.
MOST_CELLS_SHUFFLED = 150_000
FEWEST_SHUFFLES = 99
# The p of Kendall's W counts all rankings where they are few; rounds that opened under older terms go on shuffling.
EXACT_P, MOST_COUNTED = "exact", 60_000
COLUMNS = (
    Column(key="rank", label="Rank"),
    Column(key="borda", label="Borda points"),
    Column(key="wins", label="Beats"),
    Column(key="ties", label="Level with"),
    Column(key="first", label="Placed first"),
    Column(key="ranked", label="Ranked"),
)


class Ranked:
    """People rank all options or their first few; the Schulze order says what the group prefers."""

    name = "ranking"
    label = "Ranking"
    description = "Everyone puts the options in order; equal places are allowed, and ties are shown."
    takes_rule = False
    options_are_responses = False

    def parse_settings(self, raw: Mapping[str, str]) -> dict[str, Any]:
        """How many options one may rank, 0 for as many as there are, and whether "outside my expertise" is
        offered. Raises Invalid by field."""
        errors, offer = {}, ""
        top = form_number(str(raw.get("top") or 0))
        if not isinstance(top, int) or not 0 <= top <= LARGEST_TOP:
            errors["top"] = f"A whole number up to {LARGEST_TOP}; 0 lets everyone rank all options."
        try:
            offer = read_offer(raw)
        except Invalid as refusal:
            errors |= refusal.errors
        if errors:
            raise Invalid(errors)
        return {"top": top, "outside": offer, "w_p": EXACT_P, NAMES: WITHOUT_STOPS}

    def settings_text(self, settings: Mapping[str, Any]) -> str:
        """How many options each could rank, where not all."""
        return settings_words(f"at most {settings['top']} ranked by each" if settings["top"] else "",
                              settings=settings)

    def read_form(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Fields named `rank-<key>`, empty for not ranked; `abstain` or `outside` for the whole ballot."""
        ranks = {name.removeprefix("rank-"): form_number(value)
                 for name, value in form.items() if name.startswith("rank-") and value.strip()}
        return form_beside(form) or {"ranks": ranks}

    def parse_answer(self, raw: Any, paper: Paper) -> dict[str, Any]:
        """Ranks by key without gaps, 1 for best, or an answer beside the question. Raises Invalid by key."""
        beside = answer_beside(raw, paper)
        if beside is not None:
            return beside
        given = raw.get("ranks")
        if not isinstance(given, Mapping):
            raise Invalid({"": "A ballot ranks the options or abstains."})
        ranks = {key: rank for key, rank in given.items() if rank is not None}
        errors = {str(key): "This option is not on the ballot." for key in ranks if key not in paper.keys}
        errors |= {key: "A rank is a whole number from 1." for key, rank in ranks.items()
                   if key in paper.keys and (not isinstance(rank, int) or isinstance(rank, bool) or rank < 1)}
        top = paper.settings["top"]
        if not errors and not ranks:
            errors[""] = "Rank at least one option, or abstain."
        elif not errors and top and len(ranks) > top:
            errors[""] = f"Rank at most {top}; you ranked {len(ranks)}."
        if errors:
            raise Invalid(errors)
        place = {rank: number for number, rank in enumerate(sorted(set(ranks.values())), start=1)}
        return {"ranks": {key: place[ranks[key]] for key in paper.keys if key in ranks}}

    def tally(self, answers: Sequence[Answer], paper: Paper, *, headcount: Headcount,
              rule: Mapping[str, Any] | None) -> Result:
        """The Schulze order with Borda points and duels beside it; no tie is broken."""
        return self._counted(answers, paper, headcount, is_final=True)

    def tally_while_open(self, answers: Sequence[Answer], paper: Paper, *, headcount: Headcount,
                         rule: Mapping[str, Any] | None) -> Result:
        """The same without what takes long and moves with every vote: the p of Kendall's W, and whether the first place
        hangs on one ballot."""
        return self._counted(answers, paper, headcount, is_final=False)

    def _counted(self, answers: Sequence[Answer], paper: Paper, headcount: Headcount, *, is_final: bool) -> Result:
        ballots: list[Ranking] = [
            {key: rank for key, rank in answer["ranks"].items() if key in paper.keys}
            for answer in answers if "ranks" in answer]
        pairs = count_pairs(ballots, options=paper.keys)
        order, less = schulze_order(pairs), rankings_one_less(ballots, pairs) if is_final else None
        agreement, words, p = _agreement(ballots, paper) if is_final else _agreement_so_far(ballots, paper)
        lines = _lines(ballots, paper, pairs=pairs, order=order)
        return Result(
            kind=self.name, headcount=headcount, answered=len(answers), columns=COLUMNS, lines=lines,
            abstained=sum(is_abstention(answer) for answer in answers),
            outside=sum(is_outside(answer) for answer in answers),
            text=who_answered(answers, headcount, did="ranked") + _standing(
                paper, pairs=pairs, order=order, less=less, agreement=words),
            extra={"w": agreement.w, "p": p, "permutations": agreement.permutations,
                   **({"p_method": EXACT_P} if agreement.is_exact else {}),
                   "agreement": words if ballots else "", "is_fragile": less.is_fragile if less else None,
                   "tipping": less.tipping if less else None,
                   "pairwise": pairs.rows(), "options": paper.keys,
                   "undecided": [list(pair) for pair in order.undecided] if ballots else []})

    def describe(self, answer: Answer, paper: Paper) -> dict[str, str]:
        """The place of each option, and with how many it is shared."""
        if "ranks" not in answer:
            return describe_beside(answer)
        ranks = {key: rank for key, rank in answer["ranks"].items() if key in paper.keys}
        return {key: _place_text(ranks, key) if key in ranks else "Not ranked" for key in paper.keys}

    def positions(self, answer: Answer, paper: Paper) -> dict[str, int | float | str]:
        """How many options stand below each one, so that more is better; 0 for those left out."""
        beside = place_beside(answer)
        if beside:
            return everywhere(beside, paper)
        ranks = complete({key: rank for key, rank in answer["ranks"].items() if key in paper.keys}, options=paper.keys)
        return {key: sum(other > rank for other in ranks.values()) for key, rank in ranks.items()}


def _place_text(ranks: Mapping[str, int], key: str) -> str:
    equals = sum(rank == ranks[key] for rank in ranks.values()) - 1
    shared = f", equal with {equals} other{'s' if equals > 1 else ''}" if equals else ""
    return f"Place {1 + sum(rank < ranks[key] for rank in ranks.values())}{shared}"


def _agreement(ballots: Sequence[Ranking], paper: Paper) -> tuple[Concordance, str, float | None]:
    """Kendall's W, its words and its p."""
    cells = max(1, len(ballots) * len(paper.keys))
    shuffles = min(permutations_for(len(ballots), len(paper.keys)), max(FEWEST_SHUFFLES, MOST_CELLS_SHUFFLED // cells))
    rows = [tuple(complete(ballot, options=paper.keys).values()) for ballot in ballots]
    is_exact = paper.settings.get("w_p") == EXACT_P
    found = concordance(rows, permutations=shuffles, most_counted=MOST_COUNTED if is_exact else 0)
    if shuffles or found.w is None:
        return found, describe_concordance(found).rstrip("."), found.p
    friedman = friedman_test(rows)
    return found, f"{describe_concordance(found)}; {describe_friedman(friedman)}", friedman.p if friedman else None


def _agreement_so_far(ballots: Sequence[Ranking], paper: Paper) -> tuple[Concordance, str, float | None]:
    """Kendall's W alone, and its words."""
    found = concordance([tuple(complete(ballot, options=paper.keys).values()) for ballot in ballots], permutations=0)
    later = "; its p value, and whether the first place hangs on one ballot, are told when the round closes"
    return found, describe_concordance(found).rstrip(".") + (later if found.w is not None else ""), None


def _lines(ballots: Sequence[Ranking], paper: Paper, *, pairs: Pairwise,
           order: SchulzeOrder) -> tuple[ResultLine, ...]:
    ranks, points = shared_ranks(order.tiers), borda_points(pairs)
    lines = []
    for option in paper.options:
        ranked = [ballot[option.key] for ballot in ballots if option.key in ballot]
        lines.append(ResultLine(key=option.key, text=option.text, answered=len(ranked), figures={
            "rank": ranks[option.key] if ballots else None, "borda": points[option.key],
            "wins": pairs.wins(option.key), "ties": pairs.ties(option.key) if ballots else 0,
            "first": ranked.count(1), "ranked": len(ranked)}))
    # Sorting keeps the order of the ballot among equals; that is an order of display and breaks no tie.
    return tuple(sorted(lines, key=lambda line: ranks[line.key]))


def _standing(paper: Paper, *, pairs: Pairwise, order: SchulzeOrder, less: OnePersonLess | None, agreement: str
              ) -> str:
    if not pairs.voters:
        return ""
    text = ""
    names = names_in_sentences(paper)
    if len(order.winners) > 1:
        text += f" Tied for first: {describe_tiers((order.winners,), names=names)}."
    if order.undecided:
        text += " The votes do not decide between " + ", ".join(
            f"{names[one]} and {names[other]}" for one, other in order.undecided) + "."
    if less is not None:
        text += f" {describe_one_person_less(less, names=names)}"
    return f"{text} {agreement}."


KIND = Ranked()
