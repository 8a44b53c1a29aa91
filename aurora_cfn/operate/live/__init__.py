"""Live sessions on AWS: the stub, the relay to this machine, and how the code of functions is put back."""
