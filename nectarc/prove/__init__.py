"""Safety checks of a policy, over a corpus and over traces built around its boundaries."""
