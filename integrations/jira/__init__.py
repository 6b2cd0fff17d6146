"""Jira as a ticket tracker, Cloud and Data Center."""
