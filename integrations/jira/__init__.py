"""Jira Cloud as a ticket tracker."""
