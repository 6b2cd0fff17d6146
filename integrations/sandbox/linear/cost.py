"""What a query costs, as Linear charges it: as asked, not as returned.

Source: linear.app/developers/rate-limiting: 0.1 a property, 1 an object, connections times `first` or `last`
(50 where neither is given).
"""

from __future__ import annotations

from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
)

DEFAULT_ROWS = 50
WRAPPERS = ("nodes", "edges", "node")


class Costing:
    """Counts one document. variables: as sent."""

    def __init__(self, document: DocumentNode, variables: dict[str, Any]) -> None:
        self._variables = variables
        self._document = document
        self._fragments = {
            one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
        }

    def points(self) -> float:
        """Return the points of all its operations."""
        operations = [one for one in self._document.definitions if isinstance(one, OperationDefinitionNode)]
        return round(sum(self._selection(one.selection_set) for one in operations), 4)

    def _selection(self, selections: SelectionSetNode | None) -> float:
        total = 0.0
        for node in selections.selections if selections else ():
            if isinstance(node, FieldNode):
                total += self._field(node)
            elif isinstance(node, InlineFragmentNode):
                total += self._selection(node.selection_set)
            elif isinstance(node, FragmentSpreadNode):
                total += self._selection(self._fragments[node.name.value].selection_set)
        return total

    def _field(self, node: FieldNode) -> float:
        if node.selection_set is None:
            return 0.1
        within = self._selection(node.selection_set)
        return 1 + within * (self._rows(node) if _is_connection(node) else 1)

    def _rows(self, node: FieldNode) -> int:
        for argument in node.arguments or ():
            if argument.name.value in ("first", "last"):
                value = argument.value
                given = self._variables.get(value.name.value) if isinstance(value, VariableNode) else None
                rows = int(value.value) if isinstance(value, IntValueNode) else given
                if isinstance(rows, int):
                    return rows
        return DEFAULT_ROWS


def _is_connection(node: FieldNode) -> bool:
    fields = node.selection_set.selections if node.selection_set else ()
    return any(isinstance(one, FieldNode) and one.name.value in WRAPPERS for one in fields)
