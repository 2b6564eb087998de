"""The two directions in which votes differ most, and where each person stands on them."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sigforum.consensus.opinion.vote_matrix import UNSEEN, VoteMatrix

Floats = NDArray[np.float64]

COMPONENTS = 2
# Up to this many rows or columns all directions are found at once; above, only the leading ones.
SMALL = 256
BLOCK, MOST_BLOCKS, PRECISE = 8, 24, 1e-10
SEED = 2012


@dataclass(frozen=True, eq=False)
class Components:
    """`directions` has two rows, one number a statement; `points` two columns, one row a person.

    `variances` are those along the two, `shares` of all variance. A direction points to where its largest number is
    positive, so that two runs give the same picture.
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
    variances, directions = _leading(centred)
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


def _leading(table: Floats) -> tuple[Floats, Floats]:
    """The two largest squared singular values and their right vectors, always two of them."""
    if min(table.shape) <= SMALL:
        _, values, vectors = np.linalg.svd(table, full_matrices=False)
        values = values[:COMPONENTS] ** 2
    else:
        values, vectors = _block_krylov(table)
    found = np.zeros((COMPONENTS, table.shape[1]))
    sizes = np.zeros(COMPONENTS)
    count = min(COMPONENTS, len(values))
    found[:count], sizes[:count] = vectors[:count], values[:count]
    # A direction along which nobody differs is no direction.
    found[sizes <= 1e-12 * max(sizes[0], 1e-300)] = 0
    largest = np.abs(found).argmax(axis=1)
    return sizes, found * np.where(found[np.arange(COMPONENTS), largest] < 0, -1.0, 1.0)[:, None]


def _block_krylov(table: Floats) -> tuple[Floats, Floats]:
    """The leading pairs from a growing space of blocks, until both are precise.

    Source: Golub and Underwood, "The block Lanczos method for computing eigenvalues", in Rice, "Mathematical software
    III" (1977) 361-377, with all blocks made orthogonal twice.
    """
    start = np.random.default_rng(SEED).standard_normal((table.shape[1], BLOCK))
    block = np.linalg.qr(table.T @ (table @ start))[0]
    basis, images = block, table.T @ (table @ block)
    for _ in range(MOST_BLOCKS):
        small = basis.T @ images
        sizes, rotation = np.linalg.eigh((small + small.T) / 2)
        sizes, rotation = sizes[::-1][:COMPONENTS], rotation[:, ::-1][:, :COMPONENTS]
        vectors = basis @ rotation
        errors = np.linalg.norm(images @ rotation - vectors * sizes, axis=0)
        if (errors <= PRECISE * sizes[0]).all():
            break
        block = images[:, -BLOCK:]
        for _ in range(2):
            block = block - basis @ (basis.T @ block)
            block = np.linalg.qr(block)[0]
        basis = np.hstack([basis, block])
        images = np.hstack([images, table.T @ (table @ block)])
    return sizes, vectors.T
