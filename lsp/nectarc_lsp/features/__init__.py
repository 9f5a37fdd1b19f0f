"""What an editor asks of a document, answered from a `View`; knows no protocol."""
