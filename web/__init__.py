"""The ways in over HTTP: the desk where people decide, the API, health. A thin skin: parse, call, answer."""
