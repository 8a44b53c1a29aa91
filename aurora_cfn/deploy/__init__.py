"""Plan, execute, watch, recover, destroy, drift: what is done to stacks, through the ports only."""
