"""The RDS Data API over the local databases: five operations, in the shapes and words of the service."""
