"""Names, types, units and plain quantifiers: the checker and its lints."""
