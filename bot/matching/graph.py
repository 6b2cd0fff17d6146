"""Who is whose near neighbour, and communities in that: the periodic clustering's own machinery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from bot.ports import Vectors

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

BLOCK = 1024  # rows compared at a time: 40 MB of cosines against 10,000
LEAST_GAIN = 1e-9


@dataclass(frozen=True, slots=True)
class Graph:
    """Links between nodes 0 to size - 1, in both directions. inner: weight within a node, counted twice."""

    size: int
    sources: Ints
    targets: Ints
    weights: Floats
    inner: Floats

    def contracted(self, groups: Ints) -> Graph:
        """Return the graph whose nodes are the groups, numbered from 0 without gaps."""
        size = int(groups.max()) + 1
        sources, targets = groups[self.sources], groups[self.targets]
        is_inner = sources == targets
        inner = np.bincount(groups, self.inner, size).astype(np.float64)
        inner += np.bincount(sources[is_inner], self.weights[is_inner], size)
        pairs, places = np.unique(
            sources[~is_inner] * size + targets[~is_inner], return_inverse=True
        )  # in order of the source
        weights = np.bincount(places, self.weights[~is_inner], len(pairs)).astype(np.float64)
        return Graph(size, pairs // size, pairs % size, weights, inner)


def mutual_neighbours(vectors: Vectors, most: int, floor: float) -> Graph:
    """Return links between rows that are among each other's `most` nearest, with a cosine from floor on."""
    size = len(vectors)
    most = min(most, size - 1)
    if most < 1:
        return Graph(size, np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.zeros(size))
    near, cosines = np.empty((size, most), np.int64), np.empty((size, most), np.float32)
    for start in range(0, size, BLOCK):
        block = vectors[start : start + BLOCK] @ vectors.T
        rows = np.arange(len(block))
        block[rows, start + rows] = -np.inf
        near[start : start + BLOCK] = found = np.argpartition(-block, most - 1, axis=1)[:, :most]
        cosines[start : start + BLOCK] = np.take_along_axis(block, found, axis=1)
    is_near = cosines.ravel() >= floor
    sources, targets = np.repeat(np.arange(size), most)[is_near], near.ravel()[is_near]
    is_mutual = np.isin(sources * size + targets, targets * size + sources)
    order = np.lexsort((targets[is_mutual], sources[is_mutual]))
    weights = cosines.ravel()[is_near][is_mutual][order].astype(np.float64).round(5)
    return Graph(size, sources[is_mutual][order], targets[is_mutual][order], weights, np.zeros(size))


def communities(graph: Graph, resolution: float) -> Ints:
    """Return each node's community: the same graph gives the same ones.

    resolution: higher for more and smaller ones. Source: Louvain (Blondel et al. 2008), nodes in their order.
    """
    found = np.arange(graph.size)
    whole = float(graph.weights.sum() + graph.inner.sum())
    while whole > 0:
        moved = _moved(graph, resolution / whole)
        names, groups = np.unique(moved, return_inverse=True)
        if len(names) == graph.size:
            break
        found, graph = groups[found], graph.contracted(groups)
    return found


def _moved(graph: Graph, penalty: float) -> Ints:
    """Return the community of each node once no single node gains by moving to a neighbour's."""
    bounds = np.searchsorted(graph.sources, np.arange(graph.size + 1)).tolist()
    targets, weights = graph.targets.tolist(), graph.weights.tolist()
    degrees: list[float] = (np.bincount(graph.sources, graph.weights, graph.size) + graph.inner).tolist()
    totals, of = list(degrees), list(range(graph.size))
    is_moving = True
    while is_moving:
        is_moving = False
        for node in range(graph.size):
            links: dict[int, float] = {}
            for at in range(bounds[node], bounds[node + 1]):
                links[of[targets[at]]] = links.get(of[targets[at]], 0.0) + weights[at]
            home, degree = of[node], degrees[node]
            totals[home] -= degree
            best, gain = home, links.get(home, 0.0) - penalty * degree * totals[home] + LEAST_GAIN
            for other, weight in links.items():
                if (gained := weight - penalty * degree * totals[other]) > gain:
                    best, gain = other, gained
            totals[best] += degree
            is_moving |= best != home
            of[node] = best
    return np.array(of)
