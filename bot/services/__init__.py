"""Use cases: plain functions over ports; each owns its transactions."""
