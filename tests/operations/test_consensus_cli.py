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
    assert found.stdout.count("too few to say: 0 people rated it; the rule says nothing under 5 ratings.") == 2


def test_rounds_are_not_paired_by_the_number_of_a_row(run, tmp_path):
    earlier = tmp_path / "earlier.csv"
    earlier.write_text("cost\n" + "".join(f"{rating}\n" for rating in range(1, 10)))
    unnamed = run("rating", "cost\n" + "".join(f"{rating}\n" for rating in range(9, 0, -1)), "--earlier", str(earlier))
    assert unnamed.exit_code == 1
    assert "have no names" in unnamed.output
    half_named = run("rating", RATINGS, "--earlier", str(earlier))
    assert half_named.exit_code == 1
    assert "The people of the earlier round have no names" in half_named.output


def test_verdict_uses_the_quartiles_that_are_printed(run):
    # Of 1 4 6 9 the middle half is 3.25 to 6.75 by interpolation, and 1 to 6 by nearest rank.
    text = "person,x\n" + "".join(f"p{place},{rating}\n" for place, rating in enumerate((7, 7, 7, 9, 9, 9)))
    options = ("--rule", "median_iqr", "--set", "maximum_iqr=1.9", "--json")
    linear, nearest = (figures(run("rating", text, "--convention", convention, *options))["items"][0]
                       for convention in ("linear", "nearest-rank"))
    for item, convention in ((linear, "linear"), (nearest, "nearest-rank")):
        assert item["verdict"]["params"]["convention"] == convention
        assert item["iqr"] == item["verdict"]["figures"]["iqr"]
    chosen = figures(run("rating", text, "--convention", "lower", "--set", "convention=higher", *options))
    assert chosen["items"][0]["verdict"]["params"]["convention"] == "higher"


@pytest.mark.parametrize("cell", ["1_0", "1_", "_1"])
def test_number_with_an_underscore_is_no_number(run, cell):
    refused = run("points", f"a,b\n{cell},0\n", "--budget", "20")
    assert refused.exit_code == 1
    assert "is no whole number" in refused.output
    assert run("matrix", f"option,x\na,{cell}\n").exit_code == 1
    assert run("rating", RATINGS, "--set", "threshold=7_5").exit_code == 1


def test_counts_of_one_have_their_word(run):
    assert run("rating", "person,x\nann,7\n").stdout.startswith("1 person, 1 item, ")
    assert run("points", "a,b\n3,2\n").stdout.startswith("1 person with 5 points")
    assert "1 people" not in run("agreement", "x,y\n1,2\n").stdout
    assert "1 people" not in run("ranking", "a,b\n1,2\n").stdout


def test_agreement_of_one_rating_with_itself_is_not_given(run):
    found = figures(run("rating", "person,x,y\nann,7,1\nbo,7,\n", "--json"))
    assert [item["agreement_a"] for item in found["items"]] == [1, None]
    assert "says nothing" in run("rating", "person,x\nann,7\n").stdout


def test_unanimous_panel_is_told_why_alpha_is_missing(run):
    told = run("agreement", "x,y\n5,5\n5,5\n5,5\n").stdout
    assert "Krippendorff's alpha (nominal) cannot be given: all answers are the same" in told


def test_older_encoding_is_read_and_said(run):
    table = "person,Qualité\n" + "".join(f"p{number},7\n" for number in range(6))
    read = run("rating", table.encode("cp1252"))
    assert read.exit_code == 0, read.output
    assert "Qualité" in read.stdout
    assert "read as Windows-1252" in read.output
    assert "Windows-1252" not in run("rating", table).output


def test_opavote_file_is_read(run):
    text = '4 2 # options and seats\n-3\n3 1=4 2 0\n2 (42) 2 3 1 0\n1 - 4 0\n0\n"Ann"\n"Bo"\n"Cy"\n"Di"\n"Chair"\n'
    found = figures(run("ranking", text, "--json", name="votes.blt"))
    assert (found["options"], found["ballots"], found["form"]) == (["Ann", "Bo", "Di"], 6, "BLT")
    assert found["pairwise"] == [[0, 3, 2], [2, 0, 2], [1, 4, 0]]
    assert "ends with 0" in run("ranking", '2 1\n1 1 2\n0\n"a"\n"b"\n', name="votes.blt").output
    assert "ranked twice" in run("ranking", '2 1\n1 1 1 0\n0\n"a"\n"b"\n', name="votes.blt").output


def test_shares_of_equal_options_are_called_level_with_their_error(run):
    told = run("matrix", "option,x,y\na,1,0\nb,0,1\n").stdout
    assert "level" in told
    assert "give or take" in told
    clear = run("matrix", "option,x,y\na,9,4\nb,1,5\n").stdout
    assert "level within" not in clear


def test_dominated_option_is_told_by_whom_and_no_more(run):
    told = run("matrix", "option,x,y\na,2,0\nb,0,2\nc,0.5,0.5\nd,0,1\n").stdout
    assert "No weighting puts d ahead of b, which is as good or better on all." in told
    assert "cannot lead under any weighting" not in told


def test_many_tests_come_with_a_word_on_their_number(run, tmp_path):
    earlier = tmp_path / "earlier.csv"
    earlier.write_text(RATINGS)
    assert "not corrected for their number" in run("rating", RATINGS, "--earlier", str(earlier)).stdout
    assert "not corrected" not in run("rating", RATINGS).stdout
