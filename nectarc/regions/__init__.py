"""Which combinations of tests some trace can meet: value classes and a small model search."""
