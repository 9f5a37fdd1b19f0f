"""What a user means by a sentence about sampling, as data: clauses, properties, open questions."""
