"""How much a database uses: metrics of CloudWatch, which never resumes it, cost and advice from them.

The metrics are described in the Aurora user guide, "Amazon CloudWatch metrics for Amazon Aurora" (read 2026-11).
"""
