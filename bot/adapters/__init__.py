"""How each vendor's adapter is made of the settings; for the composition root alone."""
