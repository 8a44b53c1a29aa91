"""SQL on the database of a deployed stack.

`find_database` finds it by outputs or resources, `split` makes statements of a script, `parameters` reads `-p`
options, `run` sends statements to the Data API and waits for a paused cluster, `client` starts psql or mysql.
"""
