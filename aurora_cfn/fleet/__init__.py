"""A database for each client: one stack of the fleet's template a client, in the region that was chosen for it.

Which clients there are is in AWS alone: their names are claimed in SSM, and tags of their stacks say the rest.
"""
