"""Text to TOON nodes with places, and back."""
