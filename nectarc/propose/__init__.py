"""From an intent to a policy that is proven: drafts, rounds, what is said back, suggestions."""
