"""Which ticket a piece of feedback is about: numbers over the domain, numpy only."""
