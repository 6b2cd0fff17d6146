"""Stand-ins for the vendors over real HTTP: the outside world of the demo and of the tests.

They keep state, refuse what the vendors refuse, and share nothing with the adapters that they judge.
"""
