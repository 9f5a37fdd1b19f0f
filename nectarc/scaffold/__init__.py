"""A new project: its files, the bundled example, and writing them where nothing stands."""
