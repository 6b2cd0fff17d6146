"""Names by which Slack tells the handlers what was pressed. A button's value is the piece's feedback id."""

from __future__ import annotations

ATTACH = "voc_attach"
OTHER_TICKET = "voc_other_ticket"
NOT_FEEDBACK = "voc_not_feedback"
UNDO = "voc_undo"

OTHER_TICKET_VIEW = "voc_other_ticket"  # callback_id of the modal
SEARCH_BLOCK, SEARCH = "voc_search_block", "voc_search"
CHOICE = "voc_choice"
