"""The plain evaluators: what a policy and what a rules file decide for a trace."""
