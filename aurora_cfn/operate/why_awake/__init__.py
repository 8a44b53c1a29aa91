"""Why a database does not pause: its configuration, its history in CloudWatch and RDS, its sessions.

What AWS says prevents a pause is in the Aurora user guide, "Scaling to Zero ACUs with automatic pause and resume for
Aurora Serverless v2" (read 2026-11). Performance Insights and Enhanced Monitoring are not among it.
"""
