"""The stand-in for OpenAI: its embeddings alone."""
