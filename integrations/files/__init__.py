"""Feedback from files, CSV and JSON Lines, row by row; one that doesn't fit is refused, with a remedy."""
