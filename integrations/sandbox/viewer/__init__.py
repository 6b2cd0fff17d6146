"""One page that shows what people would see at the vendors: Slack's channels, Jira's annotated tickets."""
