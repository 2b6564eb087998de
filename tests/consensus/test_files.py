"""Files of votes: every form that is read, and every problem named by row and column."""

import pytest

from sigforum.consensus.files.matrix import read_matrix
from sigforum.consensus.files.points import read_points
from sigforum.consensus.files.rankings import read_rankings
from sigforum.consensus.files.ratings import both_rounds, parse_scale, read_ratings
from sigforum.consensus.files.table import MAX_BYTES, FileProblem, read_table
from sigforum.consensus.files.votes import UNSEEN, read_votes
from sigforum.consensus.pairwise import count_pairs
from sigforum.consensus.scale import Scale
from sigforum.consensus.schulze import schulze_order

NINE = Scale(1, 9)
RATINGS = b"person,cost,safety\nann,8,9\nbob,7,X\n\ncyd,,x\n"
PREFLIB = """# FILE NAME: 1.toc
# NUMBER ALTERNATIVES: 3
# ALTERNATIVE NAME 1: Clay
# ALTERNATIVE NAME 2: Brick
# ALTERNATIVE NAME 3: Stone
3: 2,{1,3}
1: 1
"""
OLD_PREFLIB = "3\n1,Clay\n2,Brick\n3,Stone\n4,4,2\n3,2,{1,3}\n1,1\n"
DEBIAN = """  Option 1----->: Clay
/  Option 2---->: Brick
|/
V: 2-  \tabc
V: 11  \tdef
"""


def ratings(data):
    return read_ratings(data, scale=NINE)


def test_ratings_tell_blank_from_outside():
    sheet = ratings(RATINGS)
    assert (sheet.people, sheet.items) == (("ann", "bob", "cyd"), ("cost", "safety"))
    assert sheet.answers == ((8, 9), (7, "x"), (None, "x"))
    assert sheet.rows == [[8, 9], [7, None], [None, None]]
    panel = sheet.panel("safety")
    assert (panel.ratings, panel.outside_expertise, panel.entitled) == ((9,), 2, 3)
    assert sheet.by_person("cost") == {"ann": 8, "bob": 7}


@pytest.mark.parametrize("data", [
    b"\xef\xbb\xbfcost;safety\r\n8;9\r\n", b"cost\tsafety\n8\t9\n", b"cost,safety\n8 , 9\n",
    b"\n\ncost,safety\n8,9,,\n"])
def test_tables_of_every_program_are_read(data):
    sheet = ratings(data)
    assert (sheet.people, sheet.items, sheet.answers) == (("1",), ("cost", "safety"), ((8, 9),))


@pytest.mark.parametrize(("data", "message"), [
    (b"", "The file is empty."), (b" \n \n", "The file is empty."),
    (b"person,cost\n", "There is a header and nobody under it."),
    (b"person,cost\nann,8\n\x00\x01\n", "row 3: This is not a text file."),
    (b"person,cost\nann,\x818\n", "row 2: The text is neither in UTF-8 nor in Windows-1252."),
    (b"person,cost,cost\nann,8,8\n", "row 1, column “cost”: A column of this name stands in the table already."),
    (b"person,cost\nann,8,9\n", "row 2: There are 3 cells under 2 columns."),
    (b"person,cost\nann,8\nbob,8\nann,7\n", "row 4, column “person”: “ann” stands in row 2 already."),
    (b"person,cost\n,8\n", "row 2, column “person”: Nobody is named here."),
    (b"person,cost\nann,10\n", "row 2, column “cost”: 10 is not on the scale from 1 to 9."),
    (b"person,cost\nann,8\nbob,good\n", "row 3, column “cost”: “good” is no whole number."),
    (b"person,cost\nann,7.5\n", "row 2, column “cost”: “7.5” is no whole number."),
    (b"person\nann\n", "There is no column with an item."),
    (b"person,,cost\nann,1,2\n", "row 1: Column 2 has no name."),
])
def test_ratings_name_the_row_and_column_of_a_problem(data, message):
    with pytest.raises(FileProblem) as refused:
        ratings(data)
    assert refused.value.message == message


def test_row_of_a_problem_is_counted_over_cells_of_several_lines():
    with pytest.raises(FileProblem, match="row 4, column “cost”"):
        ratings(b'person,cost\n"ann\nsmith",8\nbob,0\n')


def test_enormous_file_is_refused():
    with pytest.raises(FileProblem, match="larger than 64 MB"):
        read_table(b"a,b\n" + b"1,2\n" * (MAX_BYTES // 4))


@pytest.mark.parametrize(("text", "scale"), [("1-9", (1, 9)), ("0-10", (0, 10)), ("-2-2", (-2, 2))])
def test_scale_is_read(text, scale):
    assert parse_scale(text) == Scale(*scale)


@pytest.mark.parametrize("text", ["9", "9-1", "a-b", "", "1-"])
def test_scale_that_is_none_is_refused(text):
    with pytest.raises(FileProblem, match="is no scale; write it as 1-9"):
        parse_scale(text)


def test_rounds_without_a_common_item_are_refused():
    assert both_rounds(ratings(RATINGS), ratings(b"safety,speed\n1,2\n")) == ["safety"]
    with pytest.raises(FileProblem, match="no item in common"):
        both_rounds(ratings(RATINGS), ratings(b"speed\n1\n"))


@pytest.mark.parametrize(("data", "name", "form"), [
    (PREFLIB, "a.toc", "PrefLib"), (OLD_PREFLIB, "a.soi", "PrefLib"), (PREFLIB, "a.txt", "PrefLib"),
    ("count,Clay,Brick,Stone\n3,2,1,2\n1,1,,\n", "a.csv", "CSV"),
    ('3 1\n3 2 1 0\n1 1 0\n0\n"Clay" "Brick" "Stone" "title"\n', "a.HIL", "HIL")])
def test_rankings_of_every_form_are_the_same(data, name, form):
    sheet = read_rankings(data.encode(), name=name)
    assert (sheet.options, sheet.form, len(sheet.ballots)) == (("Clay", "Brick", "Stone"), form, 4)
    rows = count_pairs(sheet.ballots, options=sheet.options).rows()
    tied = form != "HIL"
    assert rows == ((0, 1, 1 if tied else 4), (3, 0, 3), (0, 0, 0))


def test_debian_sheet_has_ties_and_unranked_options():
    sheet = read_rankings(DEBIAN.encode(), name="tally.txt")
    assert (sheet.options, sheet.ballots) == (("Clay", "Brick"), ({"Clay": 2}, {"Clay": 1, "Brick": 1}))


@pytest.mark.parametrize(("name", "ballots", "winner"), [
    ("leader2020_tally.txt", 339, "Jonathan Carter"), ("leader2006_tally.txt", 421, "Anthony Towns"),
    ("A77.HIL", 213, "3")])
def test_real_elections_are_read_and_won_by_whom_they_were_won(shared, name, ballots, winner):
    path = shared / "data" / "rankings" / name
    if not path.exists():
        pytest.skip(f"{name} is not here")
    sheet = read_rankings(path.read_bytes(), name=name)
    assert len(sheet.ballots) == ballots
    assert schulze_order(count_pairs(sheet.ballots, options=sheet.options)).winners == (winner,)


@pytest.mark.parametrize(("data", "name", "message"), [
    ("a,b\n1,x\n", "a.csv", "row 2, column “b”: “x” is no whole number."),
    ("a,b\n0,1\n", "a.csv", "row 2, column “a”: Ranks begin with 1."),
    ("a,b,count\n1,2,-1\n", "a.csv", "row 2: -1 is no number of ballots that can be counted."),
    ("a,b,count\n1,2,9999999\n", "a.csv", "row 2: 9999999 is no number of ballots that can be counted."),
    ("V: 12 x\nV: 1 x\n", "t.txt", "row 2: There are 1 marks for 2 options."),
    ("V: 1? x\n", "t.txt", "row 1: “?” is no rank."),
    ("3 1\n1 4 0\n0\n", "a.hil", "row 2: There is no option 4 of 3."),
    ("3 1\n1 2 2 0\n0\n", "a.hil", "row 2: An option is ranked twice."),
    ("3 1\n1 2\n", "a.hil", "row 2: A ballot ends with 0."),
    ("3 1\n1 2 0\n", "a.hil", "The line with 0 that ends the ballots is missing."),
    ("3 1\n0\n", "a.hil", "There is no ballot in the file."),
    ("x y\n", "a.hil", "row 1: “x” is no whole number."),
    (PREFLIB + "1: 4\n", "a.toc", "row 8: There is no option 4."),
    (PREFLIB + "1: 1,1\n", "a.toc", "row 8: An option is ranked twice."),
    ("# only comments\n", "a.soi", "There is nothing but comments."),
    ("3\n1,Clay\n", "a.soi", "row 1: The names of 3 options and a line with totals are expected."),
])
def test_rankings_name_the_row_of_a_problem(data, name, message):
    with pytest.raises(FileProblem) as refused:
        read_rankings(data.encode(), name=name)
    assert refused.value.message == message


def test_points_are_read_and_checked_against_the_budget():
    sheet = read_points(b"person,a,b\nann,3,2\nbob,,5\ncyd,,\n", budget=5)
    assert (sheet.items, sheet.ballots) == (("a", "b"), ({"a": 3, "b": 2}, {"b": 5}, {}))
    for data, per_item, message in [
            (b"a,b\n3,3\n", None, "row 2: 6 points laid of a budget of 5."),
            (b"a,b\n-1,3\n", None, "row 2, column “a”: -1 points; 0 or more are allowed."),
            (b"a,b\n1,4\n", 3, "row 2, column “b”: 4 points; 0 to 3 are allowed.")]:
        with pytest.raises(FileProblem) as refused:
            read_points(data, budget=5, per_item=per_item)
        assert refused.value.message == message


def test_matrix_is_scores_or_ratings():
    scores = read_matrix(b"option,safe,cost\nclay,7,0.5\nbrick,1,2\nweights,0.1,0.9\n", scale=NINE)
    assert {option: list(map(float, row)) for option, row in scores.scores.items()} == {
        "clay": [7, 0.5], "brick": [1, 2]}
    assert list(map(float, scores.weights)) == [0.1, 0.9]
    long = read_matrix(b"person,option,criterion,rating\nann,clay,safe,7\nann,clay,cost,x\nbob,brick,safe,\n",
                       scale=NINE)
    assert (long.options, long.criteria, long.weights) == (("clay", "brick"), ("safe", "cost"), None)
    assert long.ratings == {"ann": {("clay", "safe"): 7}, "bob": {}}


@pytest.mark.parametrize(("data", "message"), [
    (b"option,safe\nclay,\n", "row 2, column “safe”: A number is missing."),
    (b"option,safe\nclay,high\n", "row 2, column “safe”: “high” is no number."),
    (b"option,safe\nclay,1\nclay,2\n", "row 3, column “option”: Every row names another option."),
    (b"option,safe\nweights,0\n", "row 2: Weights are 0 or more, and not all 0."),
    (b"option,safe\nweights,1\n", "There is no option in the file."),
    (b"option\nclay\n", "There is no column with a criterion."),
    (b"option,criterion,rating\na,b,1\n", "row 1: A column that names the person is missing."),
    (b"person,option,criterion,rating\nann,a,b,10\n",
     "row 2, column “rating”: 10 is not on the scale from 1 to 9."),
    (b"person,option,criterion,rating\nann,a,b,1\nann,a,b,2\n", "row 3: “ann” rated “a” on “b” before."),
    (b"person,option,criterion,rating\nann,,b,1\n", "row 2: A person, an option and a criterion are needed."),
])
def test_matrix_names_the_row_and_column_of_a_problem(data, message):
    with pytest.raises(FileProblem) as refused:
        read_matrix(data, scale=NINE)
    assert refused.value.message == message


def test_votes_are_read_wide_and_long():
    wide = read_votes(b"participant,group-id,n-votes,0,1\nann,1,2,1,-1\nbob,,1,,0\n")
    assert (wide.people, wide.statements, wide.votes.tolist()) == (
        ("ann", "bob"), ("0", "1"), [1, -1, UNSEEN, 0])
    long = read_votes(b"person,statement,vote\nann,0,agree\nann,1,-1\nbob,1,0\n")
    assert (long.people, long.statements, long.votes.tolist()) == (wide.people, wide.statements, wide.votes.tolist())


def test_newest_vote_counts_where_there_are_times():
    sheet = read_votes(b"timestamp,comment-id,voter-id,vote\n20,a,ann,1\n10,a,ann,-1\n")
    assert sheet.votes.tolist() == [1]


def test_votes_of_both_files_of_a_conversation_are_the_same(shared):
    folder = shared / "data" / "opendata" / "brexit-consensus"
    if not folder.exists():
        pytest.skip("the open data are not here")
    wide, long = (read_votes((folder / name).read_bytes()) for name in ("participants-votes.csv", "votes.csv"))
    found = [{(person, statement): vote for place, person in enumerate(sheet.people)
              for statement, vote in zip(sheet.statements, sheet.votes[place * len(sheet.statements):], strict=False)
              if vote != UNSEEN} for sheet in (wide, long)]
    assert found[0] == found[1]
    assert len(found[0]) == 5303


@pytest.mark.parametrize(("data", "message"), [
    (b"participant,0\nann,2\n", "row 2, column “0”: “2” is no vote; 1, 0 and -1 are."),
    (b"participant,0\nann,1\nann,0\n", "row 3: “ann” stands in row 2 already."),
    (b"participant,0\n,1\n", "row 2: Nobody is named here."),
    (b"0,1\n1,1\n",
     "row 1: The first column must name the participant, or columns person, statement and vote are needed."),
    (b"participant,group-id\nann,1\n", "There is no column with a statement."),
    (b"person,statement,vote\nann,a,1\nann,a,0\n", "row 3: “ann” voted on “a” before."),
    (b"person,statement,vote\nann,a,\n", "row 2, column “vote”: “” is no vote; 1, 0 and -1 are."),
    (b"person,statement,vote\nann,,1\n", "row 2: A person and a statement are needed."),
    (b"statement,vote\na,1\n", "row 1: A column that names the person is missing."),
    (b"voter-id,comment-id,vote,timestamp\nann,a,1,today\n", "row 2, column “timestamp”: “today” is no time."),
])
def test_votes_name_the_row_and_column_of_a_problem(data, message):
    with pytest.raises(FileProblem) as refused:
        read_votes(data)
    assert refused.value.message == message
