"""`python -m tests.docs.gallery`: pictures of all that Voc shows in Slack, made by the product."""
