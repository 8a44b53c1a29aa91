"""Dated data (JSON) with typed readers: what the services do, with the source and the day it was read."""
