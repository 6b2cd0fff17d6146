"""The stand-in for Zendesk Support: what the sync reads of its REST API, and its OAuth flow."""
