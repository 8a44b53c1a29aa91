"""Looking after a deployed database: who may use it, what it does and did, copies of its data.

One module a task, each between a port and a value: what is sent to the database or to AWS is made by pure functions
that return SQL, requests or environments, and `cli/runs` joins them with the ports of `aws/`. Finding the database and
sending statements is the work of `sql/`. Nothing here may resume a paused database unless the user asked for it: a
connection, a statement of the Data API and a read of an instance's log all do.
"""
