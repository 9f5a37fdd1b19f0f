"""Formats of other tools: each becomes an OTLP request, as the Collector would make of it."""
