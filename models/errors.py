"""Who is at fault when something cannot be done: the paper, the world, the caller."""

from __future__ import annotations


class MailroomError(Exception):
    """Something a user can be told in one line; `remedy` says what to do about it."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy

    def __str__(self) -> str:
        message = super().__str__()
        return f"{message} — {self.remedy}" if self.remedy else message


class DocumentRefused(MailroomError):
    """The paper is at fault: trying again gives the same answer, so a person is told why.

    `code` is one of the reasons worded in `pipelines/wording.py` (`empty_file`, `encrypted`, `truncated` ...).
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


class Unavailable(MailroomError):
    """The world is at fault: trying again later may help."""


class ConfigurationError(MailroomError):
    """A setting, a policy or an agency file is wrong: the start stops and says which line."""


class Conflict(MailroomError):
    """Somebody else changed the same thing first: look again, then decide again."""
