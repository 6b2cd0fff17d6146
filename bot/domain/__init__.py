"""The product's rules: pure values and functions on the standard library alone."""
