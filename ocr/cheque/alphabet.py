"""What the networks of this package can write. The order is part of the trained files: append, never reorder."""

FIGURES = "0123456789,.€/()"
LINES = "abcdefghijklmnopqrstuvwxyz0123456789 -'.,/&€"
DATES = "abcdefghijklmnopqrstuvwxyz0123456789 /-."  # read by the page network only
BLANK = 0  # class of "nothing" in all; the letters follow from 1 on
