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
WRAPPERS = ("nodes", "edges")


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

    def _selection(self, selections: SelectionSetNode | None, times: int = 1) -> float:
        """Return the points of what is selected. times: for the nodes or edges in it."""
        total = 0.0
        for node in selections.selections if selections else ():
            if isinstance(node, FieldNode):
                total += self._field(node) * (times if node.name.value in WRAPPERS else 1)
            elif isinstance(node, InlineFragmentNode):
                total += self._selection(node.selection_set, times)
            elif isinstance(node, FragmentSpreadNode):
                total += self._selection(self._fragments[node.name.value].selection_set, times)
        return total

    def _field(self, node: FieldNode) -> float:
        if node.selection_set is None:
            return 0.1
        return 1 + self._selection(node.selection_set, self._rows(node))

    def _rows(self, node: FieldNode) -> int:
        for argument in node.arguments or ():
            if argument.name.value in ("first", "last"):
                value = argument.value
                given = self._variables.get(value.name.value) if isinstance(value, VariableNode) else None
                rows = int(value.value) if isinstance(value, IntValueNode) else given
                if isinstance(rows, int):
                    return rows
        return DEFAULT_ROWS
