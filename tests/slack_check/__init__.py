"""What every message and view must keep, whichever test makes it: Slack's published rules, and our own.

Written from what Slack publishes (`VOC_SPECS_DIR`), and sharing nothing with the stand-in, so that neither
excuses the other.
"""
