"""What people do and Slack tells, delivered more often, later and by more people than meant: one effect."""
