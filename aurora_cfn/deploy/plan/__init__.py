"""Plan files: they name change sets that wait in AWS, to be reviewed and executed later."""
