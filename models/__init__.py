"""The nouns of the mail room. Standard library only: every other package may rely on them."""
