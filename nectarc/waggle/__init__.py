"""The waggle report: what a policy (or a rules file) keeps and why, for people and programs."""
