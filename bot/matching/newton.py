"""The least point of a smooth, convex loss, by Newton's method."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Doubles = npt.NDArray[np.float64]
    Slope = tuple[float, Doubles, Doubles]  # a loss, its gradient, its second derivatives

_STEPS, _HALVINGS, _AT_REST = 50, 30, 1e-9


def minimum(slope: Callable[[Doubles], Slope], start: Doubles) -> Doubles:
    """Return the weights of the least loss; each step is halved until it helps. slope: of weights."""
    weights, (value, gradient, curve) = start, slope(start)
    for _ in range(_STEPS):
        step = np.linalg.solve(curve, gradient)
        for _ in range(_HALVINGS):
            tried = slope(weights - step)
            if tried[0] <= value:
                break
            step = step / 2
        else:
            break
        weights, (value, gradient, curve) = weights - step, tried
        if np.abs(step).max() < _AT_REST:
            break
    return weights
