"""Jira Cloud, as far as a client of issues, search, comments and remote links can see it (REST v3)."""
