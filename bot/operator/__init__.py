"""What the operator does by hand: set-up, connecting accounts, the key under which tokens are stored."""
