"""What a site takes for rich text: documents on Cloud, wiki text on Data Center."""

from __future__ import annotations

from typing import Any, Protocol

from integrations.sandbox.jira import adf, wiki
from integrations.sandbox.jira.refusals import Refused

Body = dict[str, Any] | str


class Markup(Protocol):
    """One of the two."""

    def of_text(self, text: str) -> Body:
        """Return people's text as the site keeps it."""
        ...

    def plain(self, body: Any) -> str:
        """Return what a reader sees."""
        ...

    def taken(self, value: Any, name: str) -> Any:
        """Return a valid text of allowed length, or refuse it under its field's name."""
        ...


class Documents:
    """Atlassian Document Format."""

    def of_text(self, text: str) -> Body:
        """Return a document."""
        return adf.document_of(text)

    def plain(self, body: Any) -> str:
        """Return its text."""
        return adf.plain(body)

    def taken(self, value: Any, name: str) -> Any:
        """Return a valid document."""
        if not isinstance(value, dict):
            message = "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
            raise Refused(400, errors={name: message})
        if adf.fault(value):
            raise Refused(400, "INVALID_INPUT")
        if adf.length(value) > adf.MOST_CHARACTERS:
            raise Refused(400, errors={name: "CONTENT_LIMIT_EXCEEDED"})
        return value


class WikiText:
    """Wiki text."""

    def of_text(self, text: str) -> Body:
        """Return the text as it is: people write the markup themselves."""
        return text

    def plain(self, body: Any) -> str:
        """Return its words."""
        return wiki.plain(body)

    def taken(self, value: Any, name: str) -> Any:
        """Return a text."""
        if not isinstance(value, str):
            raise Refused(400, errors={name: "Operation value must be a string"})
        if adf.utf16(value) > adf.MOST_CHARACTERS:
            message = f"The entered text is too long. It exceeds the allowed limit of {adf.MOST_CHARACTERS}"
            raise Refused(400, errors={name: f"{message} characters."})
        return value
