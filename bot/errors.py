"""The error tree, classed by what the caller should do next.

VocError
├── SettingError           stop before anything starts (exit 2), name the variable
│   └── SettingErrors      several of them at once
├── IntegrationError       a vendor did not do what was asked
│   ├── TransientError     wait, retry, else leave it for the next run
│   ├── UncertainError     the write may have happened: look it up before any retry
│   ├── AccessError        pause this integration, tell the owner channel once
│   ├── NotFoundError      the thing is gone (or hidden from us): report it as such
│   └── AnswerError        an answer of unexpected shape: skip, count, keep the id
│       └── FieldsError    some fields of what was written are refused: ask for them anew
├── AlreadyExists          a unique key was there first
└── RequestError           shown to the person as written
    └── Stopping           the process is about to end: nothing new is begun
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class VocError(Exception):
    """Any error that Voc raises on purpose."""


class SettingError(VocError):
    """A setting is missing or wrong; nothing may start.

    variable: the environment variable's name. feature: what needs it. remedy: an example or the next step.
    """

    def __init__(self, variable: str, problem: str, *, feature: str = "", remedy: str = "") -> None:
        self.variable, self.problem, self.feature, self.remedy = variable, problem, feature, remedy
        needed = f" (needed for {feature})" if feature else ""
        then = f". {remedy}" if remedy else ""
        super().__init__(f"{variable}{needed}: {problem}{then}")


class SettingErrors(SettingError):
    """Several settings are missing or wrong: told together, a line each, so that one round mends all."""

    def __init__(self, faults: Sequence[SettingError]) -> None:
        super().__init__(", ".join(fault.variable for fault in faults), "are missing or wrong")
        self.faults = tuple(faults)
        self.args = ("\n".join(map(str, faults)),)


class IntegrationError(VocError):
    """A vendor did not do what was asked. vendor: "zendesk"; doing: what was tried, without customer data."""

    outcome = "failed"

    def __init__(self, vendor: str, doing: str, detail: str = "") -> None:
        self.vendor, self.doing, self.detail = vendor, doing, detail
        super().__init__(f"{vendor}: {doing} {self.outcome}" + (f" ({detail})" if detail else ""))


class TransientError(IntegrationError):
    """The vendor may well answer later.

    retry_after_s: seconds that the vendor asked for, None if it did not.
    """

    outcome = "failed for now"

    def __init__(
        self, vendor: str, doing: str, detail: str = "", *, retry_after_s: float | None = None
    ) -> None:
        super().__init__(vendor, doing, detail)
        self.retry_after_s = retry_after_s


class UncertainError(IntegrationError):
    """A write was sent and its answer was lost: it may have happened."""

    outcome = "may or may not have happened"


class AccessError(IntegrationError):
    """The vendor refuses our credentials or scopes. remedy: what the operator can do."""

    outcome = "was refused"

    def __init__(self, vendor: str, doing: str, detail: str = "", *, remedy: str = "") -> None:
        super().__init__(vendor, doing, detail)
        self.remedy = remedy


class NotFoundError(IntegrationError):
    """The thing does not exist, was deleted, or is hidden from our account."""

    outcome = "found nothing there"


class AnswerError(IntegrationError):
    """The vendor's answer has an unexpected shape. external_id: the item concerned, if known."""

    outcome = "got an answer of unexpected shape"

    def __init__(self, vendor: str, doing: str, detail: str = "", *, external_id: str | None = None) -> None:
        super().__init__(vendor, doing, detail)
        self.external_id = external_id


class FieldsError(AnswerError):
    """The vendor refuses some of the fields.

    fields: what it says of each, by the field's id, "" where it is missing. That may hold anybody's words, so
    it is for the person who filled them in, and never for a log.
    """

    outcome = "was refused"

    def __init__(self, vendor: str, doing: str, detail: str, *, fields: Mapping[str, str]) -> None:
        super().__init__(vendor, doing, detail)
        self.fields = dict(fields)


class AlreadyExists(VocError):
    """A unique key was there first: somebody else did this."""


class RequestError(VocError):
    """What a person asked for can't be done; they are shown the message, in their language.

    message: as in the catalogues, with the {facts} in it named; str() is its English.
    """

    def __init__(self, message: str, /, **facts: object) -> None:
        super().__init__(message.format(**facts) if facts else message)
        self.message, self.facts = message, facts


class Stopping(RequestError):
    """This process is about to end and begins no outward act; the next one does what is left."""

    def __init__(self) -> None:
        super().__init__("Voc is restarting. What is decided is kept; the rest follows in a moment.")
