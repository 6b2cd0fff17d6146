"""Linear, as far as a client of issues, customer requests, attachments and comments can see it (GraphQL)."""
