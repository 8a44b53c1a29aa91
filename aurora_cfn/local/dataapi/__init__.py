"""The RDS Data API over the local databases: five operations, in the shapes and words of the service.

Where the guide is silent, the service itself decides: Aurora PostgreSQL on Serverless v2, as seen in 2026.
"""
