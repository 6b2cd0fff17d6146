"""Names by which Slack tells the handlers what was pressed. A button's value is the piece's feedback id."""

from __future__ import annotations

ATTACH = "voc_attach"
OTHER_TICKET = "voc_other_ticket"
NOT_FEEDBACK = "voc_not_feedback"
UNDO = "voc_undo"

REVIEW = "voc_review"  # begins a session; its value is the owner's, "" for all that waits for the person
SESSION_VIEW = "voc_session"
SESSION_ATTACH, SESSION_ASIDE, SESSION_SKIP = "voc_session_attach", "voc_session_aside", "voc_session_skip"
SESSION_UNDO, SESSION_MORE = "voc_session_undo", "voc_session_more"
SESSION_CREATE, SESSION_THEME, SESSION_ASK = "voc_session_create", "voc_session_theme", "voc_session_ask"
TICKET = "voc_ticket"  # a select whose options come as one types; a choice decides at once
PIECE_TICKET_VIEW, PIECE_THEME_VIEW = "voc_piece_ticket", "voc_piece_theme"
DESCRIPTION, THEME, NAME = "voc_description", "voc_theme", "voc_name"

THEME_ATTACH = "voc_theme_attach"  # these buttons' value is the theme's id
THEME_CREATE = "voc_theme_create"
THEME_DISMISS = "voc_theme_dismiss"
THEME_RESTORE = "voc_theme_restore"

OTHER_TICKET_VIEW = "voc_other_ticket"  # callback_id of the modal

NEW_TICKET_VIEW = "voc_new_ticket"
PROJECT, TITLE = "voc_project", "voc_title"
