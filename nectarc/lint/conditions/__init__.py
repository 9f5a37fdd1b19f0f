"""Traps of single conditions, by what they are about; `lint.condition_traps` asks all of them."""
