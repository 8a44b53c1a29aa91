"""Plan files: change sets that wait in AWS, written down to be reviewed and applied later."""
