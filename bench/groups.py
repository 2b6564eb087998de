"""How long opinion groups take on a real conversation, beside red-dwarf where it is installed, and on a large one.

    python -m bench.groups [--shared FOLDER] [--reference PYTHON] [--large]

FOLDER holds data/opendata; PYTHON is the interpreter of an environment of its own with red-dwarf in it, which runs in
turn with ours. Without it the reference's recorded results are held against ours. One thread each.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

# Both sides count with one thread; the numerical libraries read this when they are loaded.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np  # noqa: E402 - after the number of threads

from sigforum.consensus.files.votes import read_votes  # noqa: E402 - as above
from sigforum.consensus.opinion.grouping import find_groups  # noqa: E402 - as above
from sigforum.consensus.opinion.report import opinion_report  # noqa: E402 - as above
from sigforum.consensus.opinion.vote_matrix import UNSEEN, VoteMatrix, matrix_from_bytes  # noqa: E402 - as above

CONVERSATION = "american-assembly.bowling-green"
RUNS = 3
# What the reference is asked to do: as much as `opinion_report`, from votes that are read already.
REFERENCE = """
import json, sys, time
from reddwarf.implementations.polis import run_pipeline
given = json.load(sys.stdin)
seconds = []
for _ in range(given["runs"]):
    start = time.perf_counter()
    found = run_pipeline(votes=given["votes"], mod_out_statement_ids=given["excluded"], random_state=42,
                         reducer_kwargs={"svd_solver": "full"})
    seconds.append(time.perf_counter() - start)
print(json.dumps({"seconds": seconds, "inertia": float(found.clusterer.inertia_),
                  "groups": int(found.clusterer.n_clusters)}))
"""


def main() -> None:
    """Group the votes again and again; print JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=os.environ.get("SIGFORUM_SHARED", "../shared"))
    parser.add_argument("--reference", help="the Python of an environment with red-dwarf")
    parser.add_argument("--large", action="store_true", help="also 20,000 people on 1,000 statements")
    asked = parser.parse_args()
    told: dict[str, Any] = {"threads": 1}
    folder = Path(asked.shared) / "data" / "opendata" / CONVERSATION
    if folder.is_dir():
        told["conversation"] = _conversation(folder, asked.reference)
    else:
        told["conversation"] = f"{folder} is not here"
    if asked.large:
        told["large"] = _large()
    told["most memory in MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(told, indent=2))


def _conversation(folder: Path, python: str | None) -> dict[str, Any]:
    recorded = json.loads((folder / "reference.json").read_text(encoding="utf-8"))
    start = time.perf_counter()
    sheet = read_votes((folder / "participants-votes.csv").read_bytes())
    reading = time.perf_counter() - start
    whole = matrix_from_bytes(sheet.votes.tobytes(), people=sheet.people, statements=sheet.statements)
    columns = [place for place, each in enumerate(whole.statements) if each in recorded["statement_pc1"]]
    matrix = VoteMatrix(whole.people, tuple(whole.statements[one] for one in columns), whole.votes[:, columns])
    excluded = tuple(map(str, recorded["mod_out_statement_ids"]))
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        opinion_report(matrix, excluded=excluded)
        seconds.append(time.perf_counter() - start)
    found = find_groups(matrix, excluded=excluded)
    ours = statistics.median(seconds)
    best = recorded["silhouette_by_k"][str(found.groups)]
    told: dict[str, Any] = {
        "people": len(matrix.people), "statements": len(matrix.statements), "votes": int(matrix.seen.sum()),
        "reading seconds": round(reading, 3), "our seconds": round(ours, 3), "groups": found.groups,
        "inertia over the recorded best": round(found.tried[found.groups].inertia / min(
            best["reddwarf_inertia"], best["kmeanspp30_inertia"]), 6)}
    if python is None:
        told["reference"] = "not run; name its Python with --reference"
        told["recorded reference seconds, on another machine"] = recorded["timing"]["wall_median"]
        return told
    theirs = _reference(python, matrix, excluded)
    told["reference seconds"] = round(statistics.median(theirs["seconds"]), 3)
    told["times as fast"] = round(statistics.median(theirs["seconds"]) / ours, 1)
    told["inertia over the reference"] = round(found.tried[theirs["groups"]].inertia / theirs["inertia"], 6)
    return told


def _reference(python: str, matrix: VoteMatrix, excluded: tuple[str, ...]) -> dict[str, Any]:
    rows, columns = np.nonzero(matrix.seen)
    votes = [{"participant_id": int(matrix.people[row]), "statement_id": int(matrix.statements[column]),
              "vote": int(matrix.votes[row, column])} for row, column in zip(rows, columns, strict=True)]
    asked = json.dumps({"votes": votes, "excluded": [int(each) for each in excluded], "runs": RUNS})
    done = subprocess.run([python, "-W", "ignore", "-c", REFERENCE], input=asked, capture_output=True, text=True,
                          timeout=300, check=False)
    if done.returncode:
        sys.exit(f"the reference failed: {done.stderr[-400:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _large(people: int = 20_000, statements: int = 1_000) -> dict[str, Any]:
    """Three camps of invented people who each saw a third of the statements."""
    dice = np.random.default_rng(5)
    ways = dice.choice([-1, 0, 1], size=(3, statements), p=[0.4, 0.1, 0.5])
    votes = ways[dice.integers(3, size=people)].astype(np.int8)
    stray = dice.random(votes.shape) < 0.35
    votes[stray] = dice.integers(-1, 2, size=int(stray.sum()))
    votes[dice.random(votes.shape) < 0.66] = UNSEEN
    matrix = VoteMatrix(tuple(map(str, range(people))), tuple(map(str, range(statements))), votes)
    start = time.perf_counter()
    told = opinion_report(matrix)
    return {"people": people, "statements": statements, "votes": int(matrix.seen.sum()),
            "seconds": round(time.perf_counter() - start, 1), "groups": [group["people"] for group in told["groups"]]}


if __name__ == "__main__":
    main()
