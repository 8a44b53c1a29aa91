"""Aurora MySQL behind the Data API: types and parameters.

The types are those of "Data API operations reference" of the Aurora User Guide (read 2026-11); their fields are those
that the service returned through JDBC, from which its clients come.
"""
