"""Adapters to the outside, one deletable folder a vendor."""
