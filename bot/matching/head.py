"""A classifier over tickets that have attached pieces: it learns which differences between them matter."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from bot.matching.tfidf import Floats
    from bot.ports import Vectors

    Whole = npt.NDArray[np.int64]

LEAST_TICKETS = 2  # with fewer there is nothing to tell apart
SHRINK = 0.05  # of the weights' squares, against the log loss summed over the examples
PASSES = 60
_REMEMBERED = 8  # steps whose curvature is kept
_AT_REST = 1e-4  # of the loss: a pass that wins less changes no ranking
_SUFFICIENT, _SHORTEST = (
    1e-4,
    1e-6,
)  # share of the promised gain that a step must win; of a step, where to stop


@dataclass(frozen=True, slots=True)
class Head:
    """A linear classifier. tickets: ids, ascending; weights: float32[dimensions + 1, tickets], bias last."""

    tickets: Whole
    weights: Floats

    def shares(self, vectors: Vectors) -> Floats:
        """Return float32[vectors, tickets]: how the head divides its belief, 1.0 in all, 0 for zero rows."""
        if not len(self.tickets):
            return np.zeros((len(vectors), 0), dtype=np.float32)
        logits = vectors @ self.weights[:-1] + self.weights[-1]
        shares = _softmax(logits)
        shares[~vectors.any(axis=1)] = 0
        return shares

    def of(self, shares: Floats, ticket_ids: Whole) -> Floats:
        """Return float32[ticket_ids]: these tickets' of one piece's shares, 0 for those never taught."""
        if not len(self.tickets):
            return np.zeros(len(ticket_ids), dtype=np.float32)
        places = np.minimum(np.searchsorted(self.tickets, ticket_ids), len(self.tickets) - 1)
        return np.where(self.tickets[places] == ticket_ids, shares[places], np.float32(0))


EMPTY = Head(np.empty(0, np.int64), np.empty((1, 0), np.float32))


def fit_head(vectors: Vectors, tickets: Whole) -> Head:
    """Return the head that the examples teach, EMPTY for fewer than LEAST_TICKETS different tickets.

    vectors: float32[examples, dimensions], unit rows; tickets: the id of each.
    Source: multinomial logistic regression with a ridge, by L-BFGS (Liu and Nocedal 1989).
    """
    ids, columns = np.unique(tickets, return_inverse=True)
    if len(ids) < LEAST_TICKETS:
        return EMPTY
    examples = np.hstack([vectors, np.ones((len(vectors), 1), np.float32)])
    rows = np.arange(len(examples))

    def slope(weights: Floats) -> tuple[float, Floats]:
        shares = _softmax(examples @ weights)
        loss = -float(np.log(np.maximum(shares[rows, columns], 1e-30)).sum())
        shares[rows, columns] -= 1
        ridge = weights.copy()
        ridge[-1] = 0
        return loss + SHRINK / 2 * float((ridge**2).sum()), examples.T @ shares + SHRINK * ridge

    return Head(ids, _minimum(slope, np.zeros((examples.shape[1], len(ids)), np.float32)))


def _softmax(logits: Floats) -> Floats:
    if not logits.shape[1]:
        return logits
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def _minimum(slope: Callable[[Floats], tuple[float, Floats]], start: Floats) -> Floats:
    """Return where L-BFGS comes to rest, or how far it came in PASSES."""
    weights, (loss, gradient) = start, slope(start)
    steps: deque[tuple[Floats, Floats]] = deque(maxlen=_REMEMBERED)
    for _ in range(PASSES):
        step = -_newton(gradient, steps)
        length = 1.0 if steps else 1 / max(1.0, float(np.linalg.norm(gradient)))
        promised = _dot(gradient, step)
        trial = weights + np.float32(length) * step
        new_loss, new_gradient = slope(trial)
        while new_loss > loss + _SUFFICIENT * length * promised and length > _SHORTEST:
            length /= 2
            trial = weights + np.float32(length) * step
            new_loss, new_gradient = slope(trial)
        if loss - new_loss <= _AT_REST * loss:
            break
        if _dot(trial - weights, new_gradient - gradient) > 0:
            steps.append((trial - weights, new_gradient - gradient))
        weights, loss, gradient = trial, new_loss, new_gradient
    return weights


def _newton(gradient: Floats, steps: deque[tuple[Floats, Floats]]) -> Floats:
    """Return the gradient times the inverse curvature that the last steps tell of."""
    direction, shares = gradient.copy(), []
    for moved, turned in reversed(steps):
        share = _dot(moved, direction) / _dot(moved, turned)
        direction -= np.float32(share) * turned
        shares.append(share)
    if steps:
        moved, turned = steps[-1]
        direction *= np.float32(_dot(moved, turned) / _dot(turned, turned))
    for (moved, turned), share in zip(steps, reversed(shares), strict=True):
        direction += np.float32(share - _dot(turned, direction) / _dot(moved, turned)) * moved
    return direction


def _dot(one: Floats, other: Floats) -> float:
    return float(np.vdot(one, other))
