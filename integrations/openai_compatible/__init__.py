"""Embeddings from OpenAI, or from a server that answers as it does."""
