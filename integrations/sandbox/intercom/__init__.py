"""The stand-in for Intercom: what the sync reads of its REST API, version 2.15."""
