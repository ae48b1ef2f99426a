"""Codecs, and how ROOT streams them (section 13)."""

from dataclasses import dataclass

import xxhash

from .models import read_container
from .reading import Corrupt, Incompatible, Reader


@dataclass
class Codec:
    mode: int           # 0 group, 1 single
    rules: list         # of [pattern, bound, request]
    absent: list        # hashes of models that are stored elsewhere
    models: list


def read_codec(data):
    if data[:7] != b"RBCODEC":
        raise Corrupt("not a codec")
    if data[7] != 1:
        raise Incompatible(f"codec version {data[7]}")
    if xxhash.xxh3_64_intdigest(data[:-8]) != int.from_bytes(data[-8:], "little"):
        raise Corrupt("hash of the codec")
    reader = Reader(data[8:-8])
    mode = reader.u8()
    if mode > 1:
        raise Incompatible(f"mode {mode} of a codec")
    rules = [[reader.text() for _ in range(3)] for _ in range(reader.varint())]
    absent = [reader.uint(8) for _ in range(reader.varint())]
    return Codec(mode, rules, absent, read_container(reader.rest()))


def counted(reader, version=None):
    """What a byte count of ROOT counts, without the version at its beginning."""
    count = reader.uint(4, "big")
    if not count & 0x40000000:
        raise Corrupt("no byte count of ROOT")
    inner = Reader(reader.take(count & 0x3fffffff))
    found = inner.uint(2, "big")
    if version is not None and found != version:
        raise Incompatible(f"version {found} of a class, not {version}")
    return inner


def root_text(reader):
    length = reader.u8()
    if length == 255:
        length = reader.uint(4, "big")
    return reader.take(length).decode("utf-8")


def read_object(data):
    """(name, bytes of the codec) from an object of the class RootBaler::Codec."""
    outer = Reader(data)
    body = counted(outer, version=4)
    outer.done()
    named = counted(body, version=1)
    if named.uint(2, "big") != 1:
        raise Incompatible("version of TObject")
    named.take(4)                               # unique id
    if named.uint(4, "big") & (1 << 4):         # kIsReferenced: a process id follows
        named.take(2)
    name, _title = root_text(named), root_text(named)
    named.done()
    vector = counted(body)
    content = vector.take(vector.uint(4, "big"))
    vector.done()
    body.done()
    return name, content
