"""Reports: values of `model` to text, JSON and other formats, as strings."""
