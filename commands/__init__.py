"""What a terminal can ask for, one module a subject; cli.py puts them together."""
