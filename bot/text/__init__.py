"""A customer's words: cleaned, their language told, what is private found, and which of them say the need."""
