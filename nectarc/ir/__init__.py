"""The decision list that a policy means, its text form and its passes."""
