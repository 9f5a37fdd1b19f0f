"""Languages of texts as automata: literals, RE2 patterns, spellings of numbers, and their words."""
