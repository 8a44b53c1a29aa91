"""The ports on boto3, one file a service; the only place that imports it."""
