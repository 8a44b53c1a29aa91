"""The commands: click declarations only, one command a module, loaded when it is called."""
