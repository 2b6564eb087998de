"""The two directions in which votes differ most, and where each person stands on them."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from sigforum.consensus.opinion.vote_matrix import UNSEEN, VoteMatrix

Floats = NDArray[np.float64]

COMPONENTS = 2
# Up to this many rows or columns all directions are found at once; above, only the leading ones.
SMALL = 1500
BLOCK, MOST_BLOCKS, PRECISE = 8, 24, 1e-10
SEED = 2012
# Variances this near, as a part of the largest, are one: which of their directions comes first is then nobody's claim.
LEVEL = 1e-9
# What a number has to reach, as a part of the largest, to be more than rounding.
VANISHING = 1e-10
# How long the shadow of a guide has to be to lead.
FAINT = 1e-6


@dataclass(frozen=True, eq=False)
class Components:
    """`directions` has two rows, one number a statement; `points` two columns, one row a person.

    `variances` are those along the two, `shares` of all variance. Which way a direction points, and which of several
    equal ones is taken, follows from the votes on the statements, so that two runs give the same picture, in any order
    of people and on any number of processors.
    """

    directions: Floats
    variances: Floats
    shares: Floats
    points: Floats


def principal_components(matrix: VoteMatrix, *, excluded: Collection[str] = ()) -> Components:
    """Principal components of the votes, unseen ones taken as the statement's mean.

    A person's place is stretched by the root of (statements / votes cast), because whoever saw little would else stand
    near the middle for that reason alone. Excluded statements count as passed by everybody, which gives them no
    weight. Raises ValueError for nobody or no statement. Sources: Pearson, "On lines and planes of closest fit",
    Philosophical Magazine 2 (1901) 559-572; filling in and stretching as Polis does: Small et al., Recerca 26 (2021).
    """
    if not matrix.people or not matrix.statements:
        raise ValueError("components need at least one person and one statement")
    left_out = np.isin(np.array(matrix.statements), list(excluded))
    seen = matrix.seen
    centred = _centred(matrix, seen, left_out)
    variances, directions = _leading(centred, _guides(matrix, seen, left_out))
    # Excluded statements count as voted on by everybody, as they do in Polis.
    cast = np.maximum((seen | left_out).sum(axis=1), 1)
    points = (centred @ directions.T) * np.sqrt(len(matrix.statements) / cast)[:, None]
    degrees = max(len(matrix.people) - 1, 1)
    whole = float(np.vdot(centred, centred)) / degrees
    spread = variances / degrees
    return Components(directions=directions, variances=spread, shares=spread / whole if whole else spread * 0,
                      points=points)


def _centred(matrix: VoteMatrix, seen: NDArray[np.bool_], left_out: NDArray[np.bool_]) -> Floats:
    votes = np.where(seen, matrix.votes, 0).astype(np.float64)
    means = votes.sum(axis=0) / np.maximum(seen.sum(axis=0), 1)
    # What was not seen is taken as the mean, and the mean is taken away: nothing is left of it.
    votes -= means
    votes[matrix.votes == UNSEEN] = 0
    votes[:, left_out] = 0
    return votes


def _guides(matrix: VoteMatrix, seen: NDArray[np.bool_], left_out: NDArray[np.bool_]) -> Floats:
    """Numbers of each statement that turn with the statements and know nothing of people's order: how many agree,
    disagree and pass, and how many of them differ."""
    agree, disagree, voted = ((matrix.votes == 1).sum(axis=0), (matrix.votes == -1).sum(axis=0), seen.sum(axis=0))
    rows = [agree - disagree, agree, disagree, voted, agree * disagree, agree * agree, disagree * voted]
    return np.where(left_out, 0, np.array(rows)).astype(np.float64)


def _leading(table: Floats, guides: Floats) -> tuple[Floats, Floats]:
    """The two largest squared singular values and their right vectors, always two of them."""
    values, vectors = _all_directions(table) if min(table.shape) <= SMALL else _block_krylov(table)
    found = np.zeros((COMPONENTS, table.shape[1]))
    sizes = np.zeros(COMPONENTS)
    whole = float(np.vdot(table, table))
    # A direction along which nobody differs is no direction.
    count = int((values > 1e-12 * max(whole, 1e-300)).sum())
    vectors = _settled(values[:count], vectors[:count], guides)
    chosen = min(COMPONENTS, count)
    found[:chosen], sizes[:chosen] = vectors[:chosen], values[:chosen]
    return sizes, found


def _all_directions(table: Floats) -> tuple[Floats, Floats]:
    """Every squared singular value, falling, with its right vector: from the products of the shorter side."""
    is_wide = table.shape[0] < table.shape[1]
    values, vectors = np.linalg.eigh(table @ table.T if is_wide else table.T @ table)
    values, vectors = np.maximum(values[::-1], 0), vectors[:, ::-1].T
    if is_wide:
        vectors = vectors @ table
        lengths = np.linalg.norm(vectors, axis=1)
        vectors = vectors / np.where(lengths > 0, lengths, 1)[:, None]
    return values, vectors


def _settled(values: Floats, vectors: Floats, guides: Floats) -> Floats:
    """The same directions with their freedom taken: signs, and the turn among those that are equally large."""
    settled = vectors.copy()
    start = 0
    while start < min(len(values), COMPONENTS):
        stop = start + 1
        while stop < len(values) and values[stop - 1] - values[stop] <= LEVEL * values[0]:
            stop += 1
        wanted = min(stop - start, COMPONENTS - start)
        settled[start:start + wanted] = _led(vectors[start:stop], guides, wanted)
        start = stop
    return settled


def _led(space: Floats, guides: Floats, wanted: int) -> Floats:
    """Some directions of a space, each as near to the next guide as can be: the statements' own counts first, and where
    they tell nothing apart, each statement in turn."""
    taken = np.zeros((0, space.shape[1]))
    for guide in chain(guides, np.eye(space.shape[1])):
        shadow = space.T @ (space @ guide)
        shadow = shadow - taken.T @ (taken @ shadow)
        length = float(np.linalg.norm(shadow))
        if length > FAINT * float(np.linalg.norm(guide)):
            taken = np.vstack([taken, shadow / length])
        if len(taken) == wanted:
            break
    return taken


def _block_krylov(table: Floats) -> tuple[Floats, Floats]:
    """The leading pairs from a growing space of blocks, until they are precise or the space holds all there is.

    Source: Golub and Underwood, "The block Lanczos method for computing eigenvalues", in Rice, "Mathematical software
    III" (1977) 361-377, with all blocks made orthogonal twice. Where a table has fewer directions than blocks have
    columns, what is left of a block is rounding; it is dropped, because made long again it would pass for a direction.
    """
    start = np.random.default_rng(SEED).standard_normal((table.shape[1], BLOCK))
    basis = np.zeros((table.shape[1], 0))
    block = table.T @ (table @ start)
    images = basis
    for _ in range(MOST_BLOCKS):
        block = _new_directions(block, basis)
        if not block.shape[1]:
            break
        image = table.T @ (table @ block)
        basis, images = np.hstack([basis, block]), np.hstack([images, image])
        small = basis.T @ images
        sizes, rotation = np.linalg.eigh((small + small.T) / 2)
        sizes, rotation = sizes[::-1][:COMPONENTS + 1], rotation[:, ::-1][:, :COMPONENTS + 1]
        vectors = basis @ rotation
        errors = np.linalg.norm(images @ rotation - vectors * sizes, axis=0)
        if (errors[:COMPONENTS] <= PRECISE * sizes[0]).all():
            break
        block = image
    if not basis.shape[1]:
        return np.zeros(0), np.zeros((0, table.shape[1]))
    return np.maximum(sizes, 0), vectors.T


def _new_directions(block: Floats, basis: Floats) -> Floats:
    """What a block adds to a space, as columns of length 1; none where it adds nothing but rounding."""
    whole = float(np.linalg.norm(block))
    for _ in range(2):
        block = block - basis @ (basis.T @ block)
        left, sizes, _ = np.linalg.svd(block, full_matrices=False)
        block = left[:, sizes > VANISHING * whole]
        if not block.shape[1]:
            break
        whole = 1.0
    return block
