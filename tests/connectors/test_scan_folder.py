"""The scanner's folders: what is taken, in which order, and when."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.scan_folder import DONE, FolderWatch, files_below, move_to_done
from models.errors import ConfigurationError


def write(path: Path, content: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_files_come_in_the_order_of_their_paths_and_each_once(tmp_path: Path) -> None:
    names = ["b.pdf", "a/z.tif", "a/c.pdf", "c.eml"]
    for name in names:
        write(tmp_path / name)
    found = files_below([tmp_path, tmp_path / "a", tmp_path / "b.pdf"])
    assert [path.relative_to(tmp_path).as_posix() for path in found] == ["a/c.pdf", "a/z.tif", "b.pdf", "c.eml"]


@pytest.mark.parametrize(
    "name", [".hidden.pdf", "~$letter.docx", "scan.pdf.part", "scan.TMP", "Thumbs.db", ".sync/a.pdf", f"{DONE}/a.pdf"]
)
def test_what_is_not_mail_is_left_alone(tmp_path: Path, name: str) -> None:
    write(tmp_path / name)
    kept = write(tmp_path / "letter.pdf")
    assert files_below([tmp_path]) == [kept]


def test_a_file_named_directly_is_taken_whatever_its_name(tmp_path: Path) -> None:
    hidden = write(tmp_path / ".letter.pdf")
    assert files_below([hidden]) == [hidden]


def test_a_link_that_leads_back_up_does_not_make_a_loop(tmp_path: Path) -> None:
    write(tmp_path / "a/letter.pdf")
    (tmp_path / "a/up").symlink_to(tmp_path, target_is_directory=True)
    assert len(files_below([tmp_path])) == 1


def test_a_path_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="nowhere"):
        files_below([tmp_path / "nowhere"])


def test_a_file_is_told_once_it_has_stopped_growing(tmp_path: Path) -> None:
    watch = FolderWatch(tmp_path, quiet_seconds=3)
    growing = write(tmp_path / "scan.pdf", b"half")
    assert watch.ready(0.0) == []
    write(growing, b"half and the rest")
    assert watch.ready(4.0) == []  # it grew: the wait starts again
    assert watch.ready(6.0) == []
    assert watch.ready(7.5) == [growing]
    assert watch.ready(20.0) == []


def test_a_new_file_under_an_old_name_is_told_again(tmp_path: Path) -> None:
    watch = FolderWatch(tmp_path, quiet_seconds=1)
    path = write(tmp_path / "scan.pdf", b"first")
    watch.ready(0.0)
    assert watch.ready(2.0) == [path]
    write(path, b"the second, longer")
    watch.ready(3.0)
    assert watch.ready(5.0) == [path]


def test_a_received_file_moves_to_done_and_never_over_another(tmp_path: Path) -> None:
    first = move_to_done(write(tmp_path / "sub/scan.pdf", b"1"), tmp_path)
    second = move_to_done(write(tmp_path / "sub/scan.pdf", b"2"), tmp_path)
    assert first == tmp_path / DONE / "sub/scan.pdf"
    assert {first.read_bytes(), second.read_bytes()} == {b"1", b"2"}
    assert files_below([tmp_path]) == []
