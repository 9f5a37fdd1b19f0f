"""What is known about the documents that an editor has open; knows no protocol."""
