"""From the decision list to Refinery rules that decide alike, or to a refusal with variants."""
