"""What comes in: commands, presses and dialogs from Slack, HTTP, and the queue's tasks."""
