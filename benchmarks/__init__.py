"""Speed, memory and matching quality, measured on the real thing: `python -m benchmarks [NAME…]`."""
