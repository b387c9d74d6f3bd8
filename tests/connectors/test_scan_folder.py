"""The scanner's folders: what is taken, in which order, and when."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from connectors.scan_folder import DONE, files_below, move_to_done, settled_files
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


def test_a_file_is_taken_once_nobody_has_written_to_it_for_a_while(tmp_path: Path) -> None:
    old, growing = write(tmp_path / "scan_1.pdf", b"whole"), write(tmp_path / "scan_2.pdf", b"half")
    os.utime(old, (0, 0))
    assert settled_files(tmp_path, 30.0) == [(old, (5, 0))]
    os.utime(growing, (0, 0))
    assert [path for path, _stamp in settled_files(tmp_path, 30.0)] == [old, growing]


def test_where_the_scanners_clock_is_wrong_a_file_is_looked_at_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead = time.time() + 86_400
    still, growing = write(tmp_path / "scan_1.pdf", b"whole"), write(tmp_path / "scan_2.pdf", b"half")
    for path in (still, growing):
        os.utime(path, (ahead, ahead))

    def pause(_seconds: float) -> None:
        growing.write_bytes(b"half and the rest")

    monkeypatch.setattr("connectors.scan_folder.time.sleep", pause)
    assert [path for path, _stamp in settled_files(tmp_path, 3.0)] == [still]


def test_a_received_file_moves_to_done_and_never_over_another(tmp_path: Path) -> None:
    first = move_to_done(write(tmp_path / "sub/scan.pdf", b"1"), tmp_path)
    second = move_to_done(write(tmp_path / "sub/scan.pdf", b"2"), tmp_path)
    assert first == tmp_path / DONE / "sub/scan.pdf"
    assert {first.read_bytes(), second.read_bytes()} == {b"1", b"2"}
    assert files_below([tmp_path]) == []
