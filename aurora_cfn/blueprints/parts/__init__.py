"""Plain functions that several templates build on; each takes values and gives back parameters or resources."""
