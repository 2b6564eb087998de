"""The commands that count files: the same figures as the measures, plain words, and problems in one line."""

import json

import pytest
from click.testing import CliRunner

from sigforum.cli import main

RATINGS = "person,cost,safety\n" + "".join(f"p{number},{7 + number % 3},{1 + number}\n" for number in range(9))


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs a command on a file with some text; no database or settings are needed."""
    monkeypatch.delenv("SIGFORUM_SECRET_KEY", raising=False)

    def runs(command, data, *options, name="votes.csv"):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return CliRunner().invoke(main, ["consensus", command, str(path), *options])

    return runs


def figures(result):
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_rating_judges_every_item_by_the_rule(run):
    found = figures(run("rating", RATINGS, "--rule", "percent_agreement", "--set", "threshold=80", "--json"))
    cost, safety = found["items"]
    assert (cost["item"], cost["verdict"]["word"], cost["verdict"]["params"]["threshold"]) == (
        "cost", "consensus_for", 80)
    assert (safety["verdict"]["word"], safety["median"], safety["quartiles"]) == ("no_consensus", 5, [3, 7])
    assert safety["agreement_a"] == 0
    words = run("rating", RATINGS)
    assert "consensus for: 9 of 9 (100.0 %" in words.stdout
    assert "Agreement A 0 (1 all on one point" in words.stdout


def test_rating_compares_with_an_earlier_round(run, tmp_path):
    earlier = tmp_path / "earlier.csv"
    earlier.write_text(RATINGS.replace("p0,7", "p0,2"))
    found = figures(run("rating", RATINGS, "--earlier", str(earlier), "--json"))
    stability = found["items"][0]["stability"]
    assert (stability["people"], stability["moved"], stability["settled"]) == (9, 1, True)
    assert found["items"][0]["mcnemar"]["gained"] == 1
    assert "1 of 9 (11.1 %" in run("rating", RATINGS, "--earlier", str(earlier)).stdout


def test_ranking_counts_every_way(run):
    found = figures(run("ranking", "a,b,c,count\n1,2,3,4\n2,1,,3\n,1,1,2\n", "--json"))
    assert found["pairwise"] == [[0, 4, 7], [5, 0, 7], [2, 0, 0]]
    assert (found["condorcet_winner"], found["schulze"]["tiers"]) == ("b", [["b"], ["a"], ["c"]])
    assert found["one_person_less"]["tipping"] == 5


def test_points_show_voters_beside_points(run):
    found = figures(run("points", "a,b\n3,2\n3,\n", "--json"))
    assert [(item["key"], item["points"], item["voters"]) for item in found["items"]] == [("a", 6, 2), ("b", 2, 1)]
    assert run("points", "a,b\n3,3\n").output == "Error: votes.csv: row 2: 6 points laid of a budget of 5.\n"
    assert figures(run("points", "a,b\n3,3\n", "--budget", "6", "--json"))["budget"] == 6


def test_matrix_weighs_and_leaves_weights_off(run):
    text = "option,x,y\na,1,0\nb,0,1\nc,0.6,0.6\n"
    found = figures(run("matrix", text, "--weights", "1,3", "--draws", "4000", "--json"))
    assert found["weighted"]["totals"] == {"a": 0.25, "b": 0.75, "c": 0.6}
    assert found["equal_weights"]["tiers"] == [["c"], ["a", "b"]]
    assert found["all_weightings"]["leads"] == pytest.approx({"a": 0.4, "b": 0.4, "c": 0.2}, abs=0.03)
    assert "weighted" not in figures(run("matrix", text, "--json", "--draws", "10"))
    assert "There are 1 weights for 2 criteria." in run("matrix", text, "--weights", "1").output
    assert run("matrix", text, "--weights", "1,x").exit_code == 2


def test_matrix_of_ratings_marks_split_cells(run):
    rows = "".join(f"p{number},clay,{criterion},{rating}\n" for criterion, ratings in
                   (("safe", (1, 2, 3, 5, 5, 7, 8, 9)), ("cheap", (5,) * 8)) for number, rating in enumerate(ratings))
    found = figures(run("matrix", f"person,option,criterion,rating\n{rows}", "--json", "--draws", "10"))
    assert [(cell["criterion"], cell["median"], cell["is_split"]) for cell in found["cells"]] == [
        ("safe", 5, True), ("cheap", 5, False)]


def test_agreement_gives_every_coefficient(run):
    found = figures(run("agreement", "x,y,z\n1,2,3\n1,2,3\n1,2,\n", "--json"))
    assert [one["value"] for one in found["coefficients"]] == [1] * 7
    assert found["complete"] == 2


def test_groups_are_told_or_refused(run):
    ballots = [*[f"p{number},1,1,1,-1,-1,-1,1,0" for number in range(9)],
               *[f"q{number},-1,-1,-1,1,1,1,-1,0" for number in range(8)]]
    header = "participant," + ",".join(f"s{number}" for number in range(8))
    found = figures(run("groups", "\n".join([header, *ballots]), "--json"))
    assert [group["people"] for group in found["groups"]] == [9, 8]
    few = run("groups", "\n".join([header, *ballots[:14]]))
    assert "No opinion groups. 14 people have voted on at least 7 statements" in few.stdout
    assert few.exit_code == 0
    assert "better than any of 19 shuffles" in run("groups", "\n".join([header, *ballots]), "--chance").stdout


@pytest.mark.parametrize("command", ["rating", "ranking", "points", "matrix", "agreement", "groups"])
@pytest.mark.parametrize(("data", "message"), [
    (b"", "votes.csv: The file is empty."), (b"\x89PNG\x00\x00", "This is not a text file."),
    (b"\xff\xfe", "row 1: The text is not in UTF-8."), (b"a,a\n1,1\n", "row 1, column “a”"),
    (b"person,a\n", "nobody under it")])
def test_every_command_refuses_what_is_no_table_in_one_line(run, command, data, message):
    refused = run(command, data)
    assert refused.exit_code == 1
    assert message in refused.output
    assert refused.output.startswith("Error: votes.csv: ")
    assert refused.output.count("\n") == 1


@pytest.mark.parametrize(("options", "message"), [
    (["--set", "threshold=200"], "Must be 100 or less."), (["--set", "treshold=80"], "This rule has no such setting."),
    (["--scale", "9"], "is no scale"),
    (["--scale", "1-5", "--rule", "rand_ucla"], "not defined on a scale from 1 to 5")])
def test_rating_refuses_settings_that_do_not_fit(run, options, message):
    refused = run("rating", "a\n1\n2\n", *options)
    assert refused.exit_code == 1
    assert message in refused.output


def test_items_that_nobody_rated_say_so(run):
    found = run("rating", "person,a,b\nann,,x\nbob,,X\n")
    assert found.exit_code == 0
    assert found.stdout.count("too few to say: Only 0 people rated it; the rule says nothing under 5 ratings.") == 2
