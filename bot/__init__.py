"""Voc, the voice-of-customer bot: rules, use cases, storage and the work engine."""
