"""What may be written at the cursor. `complete.py` is the way in."""
