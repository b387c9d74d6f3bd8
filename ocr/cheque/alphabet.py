"""What the networks of this package can write. The order is part of the trained files: append, never reorder."""

FIGURES = "0123456789,.€/()"
LINES = "abcdefghijklmnopqrstuvwxyz0123456789 -'.,/&€"
BLANK = 0  # class of "nothing" in both; the letters follow from 1 on
