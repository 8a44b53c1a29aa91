"""Dated data about Aurora and AWS: JSON files with their sources, and typed readers.

Every file says on which day it was checked (`as_of`) and where each fact comes from (`sources`).
"""
