"""The ports on botocore, one file a service; besides the handlers the only caller of AWS."""
