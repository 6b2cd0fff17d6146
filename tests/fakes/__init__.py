"""Stand-ins for ports, in memory: for tests of use cases, which never reach a network."""
