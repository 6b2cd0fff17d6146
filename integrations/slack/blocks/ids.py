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
SESSION_BACK, PIECE_THEME_VIEW = "voc_session_back", "voc_piece_theme"
DESCRIPTION, THEME, NAME = "voc_description", "voc_theme", "voc_name"

HOME_ATTACH, HOME_WRITE = "voc_home_attach", "voc_home_write"  # their value: project:1, or :0
HOME_THRESHOLD, HOME_QUIET = "voc_home_threshold", "voc_home_quiet"
THRESHOLD_VIEW, SCORE = "voc_threshold", "voc_score"
QUIET_VIEW, QUIET = "voc_quiet", "voc_quiet_hours"

THEME_ATTACH = "voc_theme_attach"  # these buttons' value is the theme's id
THEME_CREATE = "voc_theme_create"
THEME_DISMISS = "voc_theme_dismiss"
THEME_RESTORE = "voc_theme_restore"

SHARE = "voc_share"  # these two's value tells which answer is meant; see blocks.frame
SHOW = "voc_show_"  # with what comes after it: several stand in one row
ADD_UNDO = "voc_add_undo"  # value: what the conversation is called at the source

OTHER_TICKET_VIEW = "voc_other_ticket"  # callback_id of the modal

NEW_TICKET_VIEW = "voc_new_ticket"
PROJECT, KIND, TITLE = "voc_project", "voc_kind", "voc_title"  # the first two ask for what follows
ASKED = "voc_asked"  # a field of the tracker's; its block's id ends with :kind:field

DIGEST_LIST = "voc_digest_list"  # then :number; the value is the digest's place and the list's name
DIGEST_MENU = "voc_digest_menu"
DIGEST_SHORTER = "voc_digest_shorter"  # these buttons' value is the subscription's id
DIGEST_LONGER = "voc_digest_longer"
DIGEST_PAUSE = "voc_digest_pause"
DIGEST_SCOPE = "voc_digest_scope"

LIST_VIEW = "voc_list"
LIST_TAB = "voc_list_tab"  # then :kind
LIST_PAGE = "voc_list_page"  # then :earlier or :later

SCOPE_VIEW = "voc_scope"
PAUSE_VIEW, PAUSE_FOR = "voc_pause", "voc_pause_for"

ADD_MESSAGE, ADD = "voc_add_message", "voc_add"  # shortcuts
ATTACH_MESSAGE, WHO_ELSE = "voc_attach_message", "voc_who_else"
ADD_MESSAGE_VIEW, ADD_VIEW, WHO_ELSE_VIEW = ADD_MESSAGE, ADD, WHO_ELSE  # and the dialogs that they open
SAID_BLOCK, SAID = "voc_words_block", "voc_words"
CUSTOMER_BLOCK, CUSTOMER = "voc_customer_block", "voc_customer"
AREA_BLOCK, AREA = "voc_area_block", "voc_area"
