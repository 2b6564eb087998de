"""Sample files that ship with the package, such as the agenda of the first meeting."""
