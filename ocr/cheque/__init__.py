"""French cheques on a page: found by their CMC-7 line, read field by field, judged like a clerk would."""

from ocr.cheque.reader import ChequeReader

__all__ = ["ChequeReader"]
