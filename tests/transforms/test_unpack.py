"""Damaged, cut and odd files: what could be read is read, and the rest is told."""

import bz2
import gzip
import hashlib
import json
import lzma
import os
import socket
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from schemas.item import RawInput
from transforms import read, unpack
from transforms.read import match_inputs, printable, read_inputs

LINES = [
    json.dumps({"text": f"{n} " + hashlib.blake2b(bytes([n % 256, n // 256])).hexdigest()}).encode()
    for n in range(2000)
]
WHOLE = b"\n".join(LINES) + b"\n"
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": zstandard.ZstdCompressor().compress,
    ".deflate": zlib.compress,
}


def found(folder: Path, name: str, content: bytes) -> tuple[list[RawInput], list[RawInput]]:
    """What was read of a file of that content, and what was wrong with it."""
    path = folder / name
    path.write_bytes(content)
    raws = list(read_inputs(str(path)))
    return [r for r in raws if not r.fault], [r for r in raws if r.fault]


@pytest.mark.parametrize("ends", PACKERS)
def test_sound_files_of_one_and_many_members(tmp_path: Path, ends: str) -> None:
    pack = PACKERS[ends]
    for content in (pack(WHOLE), pack(WHOLE[:70001]) + pack(WHOLE[70001:])):
        read, faults = found(tmp_path, "a.jsonl" + ends, content)
        assert [r.payload for r in read] == LINES
        assert [r.position for r in read] == list(range(1, 2001))
        assert not faults


@pytest.mark.parametrize("ends", PACKERS)
def test_a_cut_file_loses_its_last_line_and_says_so(tmp_path: Path, ends: str) -> None:
    packed = PACKERS[ends](WHOLE)
    read, (fault,) = found(tmp_path, "a.jsonl" + ends, packed[: len(packed) // 2])
    assert [r.payload for r in read] == LINES[: len(read)]
    assert len(read) > 500 or ends in (".bz2", ".zst")
    assert (fault.fault, fault.position) == ("truncated", len(read) + 1 if read else 0)
    assert LINES[len(read)].startswith(fault.payload)
    # A format of one article a file is not stored in part.
    packed = PACKERS[ends](b"An article.\n" + WHOLE)
    read, (fault,) = found(tmp_path, "a.txt" + ends, packed[: len(packed) // 2])
    assert (read, fault.fault, fault.position) == ([], "truncated", 0)


@pytest.mark.parametrize("lost", [1, 8, 9])
def test_a_lost_trailer_is_a_cut(tmp_path: Path, lost: int) -> None:
    packed = gzip.compress(WHOLE)
    for content in (packed[:-lost], packed + packed[:-lost], packed + packed[:1]):
        read, (fault,) = found(tmp_path, "a.jsonl.gz", content)
        assert [r.payload for r in read[:2000]] == LINES
        assert fault.fault == ("compressed" if content == packed + packed[:1] else "truncated")
    text = gzip.compress(b"An article.\nIts text.")
    assert found(tmp_path, "a.txt.gz", text[:-lost])[0] == []


@pytest.mark.parametrize("ends", PACKERS)
def test_garbage_is_a_reject(tmp_path: Path, ends: str) -> None:
    for content in (b"x\n", b"BZh9garbage", b"\x1f\x8bgarbage garbage"):
        read, (fault,) = found(tmp_path, "a.jsonl" + ends, content)
        assert not read
        assert fault.fault in ("compressed", "truncated")
        assert fault.detail
    assert found(tmp_path, "n.jsonl.gz", b"x\n")[1][0].fault == "compressed"
    assert found(tmp_path, "b.jsonl.bz2", b"BZh9garbage")[1][0].fault == "compressed"


@pytest.mark.parametrize("kind", ["jsonl", "txt"])
def test_what_stands_before_garbage_is_kept(tmp_path: Path, kind: str) -> None:
    whole = WHOLE.rstrip(b"\n")
    for ends in (".gz", ".bz2", ".xz", ".zst"):
        read, (fault,) = found(tmp_path, f"a.{kind}{ends}", PACKERS[ends](whole) + b"garbage after the end")
        # The content tells that both are JSON Lines.
        assert [r.payload for r in read] == LINES
        assert (fault.fault, fault.position, fault.payload) == ("compressed", 0, b"")
    text = b"One article.\nIts text."
    read, (fault,) = found(tmp_path, "a.txt.gz", gzip.compress(text) + b"garbage")
    assert ([r.payload for r in read], fault.fault) == ([text], "compressed")
    assert found(tmp_path, "a.txt.gz", gzip.compress(text) + bytes(512))[1] == []


def test_a_flipped_byte(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(b"\n".join([*LINES[:1000], *[b'{"text": "x"}'] * 3, *LINES[1000:]])))
    for at in (len(packed) // 2, len(packed) - 6):
        packed[at] ^= 0x55
        read, (fault,) = found(tmp_path, "a.jsonl.gz", bytes(packed))
        assert fault.fault == "compressed"
        # Not one line is lost before the damage.
        assert len(read) >= 990
        assert [r.payload for r in read[:990]] == LINES[:990]
        assert found(tmp_path, "a.html.gz", b"")[1][0].fault == "truncated"
        packed[at] ^= 0x55
    packed[3] ^= 0xE0
    assert found(tmp_path, "a.jsonl.gz", bytes(packed))[1][0].fault == "compressed"


def test_all_that_stands_before_a_damaged_byte_is_kept(tmp_path: Path) -> None:
    # A member whose second block is of no known type.
    packer = zlib.compressobj(wbits=31)
    start = packer.compress(b"\n".join(LINES[:50]) + b"\n") + packer.flush(zlib.Z_FULL_FLUSH)
    read, (fault,) = found(tmp_path, "a.jsonl.gz", start + b"\x07" + bytes(30))
    # The last byte, a line's end, comes with the error.
    assert [r.payload for r in read] == LINES[:49]
    assert (fault.fault, fault.position, fault.payload) == ("compressed", 50, LINES[49])


def test_files_are_unpacked_in_pieces(tmp_path: Path) -> None:
    path = tmp_path / "bomb.txt.gz"
    path.write_bytes(gzip.compress(bytes(64 << 20)))
    with path.open("rb") as packed:
        stream = unpack.Unpacked(str(path), packed)
        assert len(stream.read(1)) == 1
        assert len(stream._kept) <= 9 << 20


def test_what_fails_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing:
        def __init__(self) -> None:
            self.blocks = iter([LINES[0] + b"\n" + LINES[1] + b"\n" + LINES[2][:9]])

        def read(self, size: int) -> bytes:
            for block in self.blocks:
                return block
            raise OSError(5, "Input/output error")

        def __enter__(self) -> "Failing":
            return self

        def __exit__(self, *_: object) -> None: ...

    def refused(path: str, **_: object) -> Failing:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(unpack.FileSystems, "open", lambda *_, **__: Failing())
    read, (fault,) = found(tmp_path, "a.jsonl", b"")
    assert [r.payload for r in read] == LINES[:2]
    assert (fault.fault, fault.detail, fault.position) == ("unreadable", "Input/output error", 3)
    monkeypatch.setattr(unpack.FileSystems, "open", refused)
    read, (fault,) = found(tmp_path, "a.jsonl", b"")
    assert (read, fault.fault, fault.detail) == ([], "unreadable", "Permission denied")


def test_a_file_without_a_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: str) -> float:
        raise OSError("no such thing")

    monkeypatch.setattr(read.FileSystems, "last_updated", refused)
    (raw,), faults = found(tmp_path, "a.txt", b"text")
    assert (raw.modified_at, faults) == (None, [])


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jsonl")
    os.symlink(tmp_path / "nowhere", tmp_path / "link.jsonl")
    os.symlink("/dev/zero", tmp_path / "zero.jsonl")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(tmp_path / "socket"))
        raws = [raw for path in match_inputs(str(tmp_path)) for raw in read_inputs(path)]
    told = {Path(raw.input).name: raw.fault for raw in raws}
    expected = {"pipe.jsonl": "not-a-file", "socket": "not-a-file", "zero.jsonl": "not-a-file"}
    assert told == expected | {"link.jsonl": "unreadable"}


def test_an_existing_path_is_no_glob(tmp_path: Path) -> None:
    for name in ("news[1]/a.txt", "news1/b.txt", "g[1]*?.jsonl", "g1xx.jsonl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")

    def names(pattern: str) -> list[str]:
        return [os.path.relpath(path, tmp_path) for path in match_inputs(str(tmp_path / pattern))]

    assert names("news[1]") == names("news[1]/") == ["news[1]/a.txt"]
    assert names("g[1]*?.jsonl") == ["g[1]*?.jsonl"]
    assert names("g[1]??.jsonl") == ["g1xx.jsonl"]
    # What is only a glob means what it meant.
    assert names("*.jsonl") == ["g1xx.jsonl", "g[1]*?.jsonl"]
    assert names("news*") == names("*/*.txt") == names("**.txt") == ["news1/b.txt", "news[1]/a.txt"]
    assert names("n**/b*") == ["news1/b.txt"]
    for missing in ("x*", "x", "x/*", "x/y"):
        with pytest.raises(FileNotFoundError):
            names(missing)


def test_each_spelling_of_a_path_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "D"
    folder.mkdir()
    (folder / "j.jsonl").write_text("x")
    os.symlink(folder, tmp_path / "link")
    monkeypatch.chdir(tmp_path)
    spellings = (
        "D",
        "./D",
        "D/",
        f"../{tmp_path.name}/D/j.jsonl",
        "link",
        "link/*",
        "link/../D/j.jsonl",
        "*/j.jsonl",
        "D/j.jsonl",
        "**",
    )
    for pattern in (*spellings, str(folder), str(folder / "*.jsonl")):
        assert match_inputs(pattern) == [str(folder / "j.jsonl")], pattern
    monkeypatch.chdir(folder)
    assert match_inputs(".") == match_inputs("*") == match_inputs("j.jsonl") == [str(folder / "j.jsonl")]


def test_names_that_are_no_text(tmp_path: Path) -> None:
    name = "أخبار".encode("windows-1256") + b".jsonl"
    Path(os.fsdecode(bytes(tmp_path) + b"/" + name)).write_bytes(LINES[0])
    (raw,) = (raw for path in match_inputs(str(tmp_path)) for raw in read_inputs(path))
    assert raw.input == f"{tmp_path}/" + r"\xc3\xce\xc8\xc7\xd1.jsonl"
    assert raw.payload == LINES[0]
    assert printable("أخبار") == "أخبار"
    assert printable("\\xc3") != printable(os.fsdecode(b"\xc3"))
