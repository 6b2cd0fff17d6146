"""Jira, as far as a client of issues, search, comments and remote links can see it: Cloud and Data Center."""
