"""Intercom as a source of feedback."""
