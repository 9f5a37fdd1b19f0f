"""Corpora of any size: the evaluator partition by partition, on whatever engine runs functions."""
