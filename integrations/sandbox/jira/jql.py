"""JQL, the part that is documented and needed: a parser that refuses what Jira refuses, in Jira's words.

query := [or] [ORDER BY field [ASC|DESC] {"," …}]; or := and {OR and}; and := unary {AND unary};
unary := NOT unary | "(" or ")" | field operator value. Fields and operators: OPERATORS.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

RESERVED = frozenset(
    """abort access add after alias all alter and any are as asc at audit avg be before begin between boolean
    break but by byte catch cf char character check checkpoint collate collation column commit connect
    continue count create current date decimal declare decrement default defaults define delete delimiter
    desc difference distinct divide do double drop else empty encoding end equals escape exclusive exec
    execute exists explain false fetch file field first float for from function go goto grant greater group
    having identified if immediate in increment index initial inner inout input insert int integer intersect
    intersection into is isempty isnull it join last left less like limit lock long max min minus mode
    modify modulo more multiply next no noaudit not notin nowait null number object of on option or order
    outer output power previous prior privileges public raise raw remainder rename resource return returns
    revoke right row rowid rownum rows select session set share size sqrt start strict string subtract such
    sum synonym table that the their then there these they this to trans transaction trigger true uid union
    unique update user validate values view was when whenever where while will with""".split()
)
EQUALITY = frozenset({"=", "!=", "in", "not in"})
ORDERED = EQUALITY | {"<", "<=", ">", ">="}
ALIASES = {"issue": "key", "issuekey": "key", "id": "key"}
OPERATORS: Mapping[str, frozenset[str]] = {
    "project": EQUALITY,
    "key": EQUALITY,
    "labels": EQUALITY,
    "status": EQUALITY,
    "statuscategory": EQUALITY,
    "updated": ORDERED,
    "created": ORDERED,
}
SORTABLE = frozenset({"updated", "created", "key", "project"})
DESCENDING_AT_FIRST = frozenset({"updated", "created"})
TOKEN = re.compile(
    r"""(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<symbol>!=|<=|>=|[=<>(),])|"""
    r"""(?P<word>[^\s"'=!<>~(),+.;?|*/%^$#@\[\]{}&\\:`]+)""",
    re.DOTALL,
)
ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
ESCAPED = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\", '"': '"', "'": "'", " ": " "}


class JqlError(ValueError):
    """A query that Jira refuses; the text is Jira's message."""


@dataclass(frozen=True, slots=True)
class Token:
    """kind: string, symbol, word or end; at: the character's number in the query, from 1."""

    kind: str
    text: str
    at: int

    def is_word(self, *words: str) -> bool:
        """Return whether it is one of these words, unquoted, in any case."""
        return self.kind == "word" and self.text.lower() in words


@dataclass(frozen=True, slots=True)
class Clause:
    """A comparison. field: lower case; operator: as in OPERATORS."""

    field: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """kind "and" / "or" over its parts, or "not" over one."""

    kind: str
    parts: tuple[Clause | Group, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """where: None for an unbounded query. order: (field, descends)."""

    where: Clause | Group | None
    order: tuple[tuple[str, bool], ...]


def parse(text: str) -> Query:
    """Return the query. Raises JqlError in Jira's words."""
    return _Parser(_tokens(text)).query()


def _tokens(text: str) -> list[Token]:
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        match = TOKEN.match(text, at)
        if match is None and text[at] in "\"'":
            raise JqlError(
                f"Error in the JQL Query: The quoted string has not been completed. {_where(at + 1)}"
            )
        if match is None:
            raise JqlError(
                f"Error in the JQL Query: The character '{text[at]}' is a reserved JQL character. You must "
                f"enclose it in a string or use the escape '\\u{ord(text[at]):04x}' instead. {_where(at + 1)}"
            )
        kind, raw = str(match.lastgroup), match[0]
        tokens.append(Token(kind, _unquoted(raw, at + 1) if kind == "string" else raw, at + 1))
        at = match.end()
    return [*tokens, Token("end", "", len(text) + 1)]


def _unquoted(raw: str, at: int) -> str:
    def one(match: re.Match[str]) -> str:
        code = match[1]
        if code in ESCAPED:
            return ESCAPED[code]
        if len(code) == 5:
            return chr(int(code[1:], 16))
        raise JqlError(
            f"Error in the JQL Query: '{match[0]}' is an illegal JQL escape sequence. {_where(at)}"
        )

    return ESCAPE.sub(one, raw[1:-1])


def _where(at: int) -> str:
    return f"(line 1, character {at})"


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens, self._at = tokens, 0

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._next
        self._at += 1
        return token

    def _takes(self, *words: str) -> bool:
        """Take the next token if it is one of these words or symbols."""
        token = self._next
        if token.is_word(*words) or (token.kind == "symbol" and token.text in words):
            self._at += 1
            return True
        return False

    def _refuse(self, wanted: str, token: Token) -> JqlError:
        got = "the end of the query" if token.kind == "end" else f"'{token.text}'"
        return JqlError(f"Error in the JQL Query: Expecting {wanted} but got {got}. {_where(token.at)}")

    def query(self) -> Query:
        where = None if self._next.kind == "end" or self._next.is_word("order") else self._or()
        order = self._order() if self._takes("order") else ()
        if self._next.kind != "end":
            raise self._refuse("either 'OR' or 'AND'", self._next)
        return Query(where, order)

    def _or(self) -> Clause | Group:
        parts = [self._and()]
        while self._takes("or"):
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else Group("or", tuple(parts))

    def _and(self) -> Clause | Group:
        parts = [self._unary()]
        while self._takes("and"):
            parts.append(self._unary())
        return parts[0] if len(parts) == 1 else Group("and", tuple(parts))

    def _unary(self) -> Clause | Group:
        if self._takes("not"):
            return Group("not", (self._unary(),))
        if not self._takes("("):
            return self._clause()
        inner = self._or()
        if not self._takes(")"):
            raise self._refuse("')'", self._next)
        return inner

    def _clause(self) -> Clause:
        field = self._field()
        operator = self._operator()
        if operator not in OPERATORS[field]:
            raise JqlError(f"The operator '{operator}' is not supported by the '{field}' field.")
        if operator not in ("in", "not in"):
            return Clause(field, operator, (self._value(),))
        if not self._takes("("):
            raise self._refuse("'('", self._next)
        values = [self._value()]
        while self._takes(","):
            values.append(self._value())
        if not self._takes(")"):
            raise self._refuse("')' or ','", self._next)
        return Clause(field, operator, tuple(values))

    def _field(self) -> str:
        token = self._take()
        if token.kind not in ("word", "string"):
            raise self._refuse("a field name", token)
        self._refuse_reserved(token)
        name = ALIASES.get(token.text.lower(), token.text.lower())
        if name not in OPERATORS:
            raise JqlError(f"Field '{token.text}' does not exist or you do not have permission to view it.")
        return name

    def _operator(self) -> str:
        token = self._take()
        if token.is_word("not") and self._takes("in"):
            return "not in"
        if token.is_word("in") or (token.kind == "symbol" and token.text not in "(),"):
            return token.text.lower()
        raise self._refuse("an operator", token)

    def _value(self) -> str:
        token = self._take()
        if token.kind not in ("word", "string"):
            raise self._refuse("either a value, list or function", token)
        if self._next.text == "(" and self._next.kind == "symbol":
            raise JqlError(f"Unable to find JQL function '{token.text}()'.")
        self._refuse_reserved(token)
        return token.text

    def _refuse_reserved(self, token: Token) -> None:
        if token.kind == "word" and token.text.lower() in RESERVED:
            raise JqlError(
                f"Error in the JQL Query: '{token.text}' is a reserved JQL word. You must surround it in "
                f"quotation marks to use it in a query. {_where(token.at)}"
            )

    def _order(self) -> tuple[tuple[str, bool], ...]:
        if not self._takes("by"):
            raise self._refuse("'BY'", self._next)
        order = []
        while True:
            field = self._field()
            if field not in SORTABLE:
                raise JqlError(f"Not able to sort using field '{field}'.")
            descends = self._takes("desc") or (not self._takes("asc") and field in DESCENDING_AT_FIRST)
            order.append((field, descends))
            if not self._takes(","):
                return tuple(order)
