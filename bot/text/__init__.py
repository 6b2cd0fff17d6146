"""What a customer's words are: cleaned, in which language, what of them is private, and which of them say the need."""
