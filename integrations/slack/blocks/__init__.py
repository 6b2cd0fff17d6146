"""What Voc says as Slack shows it: each message as text and blocks, within every limit by construction.

Customers' words and tickets' titles go into rich_text leaves or plain_text, which Slack takes literally.
Mrkdwn holds Voc's own words alone.
"""
