"""Names by which Slack tells the handlers what was pressed. A button's value is the piece's feedback id."""

from __future__ import annotations

ATTACH = "voc_attach"
OTHER_TICKET = "voc_other_ticket"
NOT_FEEDBACK = "voc_not_feedback"
UNDO = "voc_undo"

THEME_ATTACH = "voc_theme_attach"  # these buttons' value is the theme's id
THEME_CREATE = "voc_theme_create"
THEME_DISMISS = "voc_theme_dismiss"
THEME_RESTORE = "voc_theme_restore"

SHARE = "voc_share"  # these two's value tells which answer is meant; see blocks.frame
SHOW = "voc_show_"  # with what comes after it: several stand in one row
ADD_UNDO = "voc_add_undo"  # value: what the conversation is called at the source

OTHER_TICKET_VIEW = "voc_other_ticket"  # callback_id of the modal
SEARCH_BLOCK, SEARCH = "voc_search_block", "voc_search"
CHOICE = "voc_choice"

NEW_TICKET_VIEW = "voc_new_ticket"
PROJECT, TITLE = "voc_project", "voc_title"
