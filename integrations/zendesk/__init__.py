"""Zendesk Support as a source of feedback."""
