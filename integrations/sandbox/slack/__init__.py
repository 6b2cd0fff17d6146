"""Slack's stand-in: a workspace with one app, strict about tokens, scopes, blocks and limits."""
