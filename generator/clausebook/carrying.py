"""Values on their way between processes and builds: bytes that can hold data and nothing else.

Pickle is the only format fast enough for wording, and reading a pickle can run anything it
names.  So what is read here may name only classes of data: those of Clausebook itself, and the
few that theirs are made of.  A file of it begins with the digest of the rest.
"""

from __future__ import annotations

import gc
import hashlib
import io
import pickle
import sys
from dataclasses import is_dataclass
from enum import Enum
from typing import Any

from pydantic import BaseModel

from clausebook.source import Source

_PLAIN = {
    ("builtins", "frozenset"),
    ("builtins", "set"),
    ("datetime", "date"),
    ("pathlib", "PurePosixPath"),
}
"""What values of ours are made of, apart from what pickle knows by itself."""


class DamagedError(Exception):
    """Bytes that were not written here, or not wholly."""


class _Packer(pickle.Pickler):
    """Leaves the texts of sources behind: the places in them stay."""

    def reducer_override(self, obj: Any) -> Any:  # noqa: ANN401 - pickle's own signature
        if isinstance(obj, Source):
            return Source, (obj.name, "")
        return NotImplemented


class _Unpacker(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 - pickle's own signature
        if (module, name) in _PLAIN:
            return super().find_class(module, name)
        if module.startswith("clausebook.") and "." not in name:
            # never imported for a pickle's sake: that would run whatever the module runs
            found = getattr(sys.modules.get(module), name, None)
            if isinstance(found, type) and (
                is_dataclass(found) or issubclass(found, Enum | BaseModel | str)
            ):
                return found
        raise DamagedError(f"{module}.{name} is no data")


def pack(value: object, *, with_texts: bool = False) -> bytes:
    """A value of data as bytes; sources lose their texts unless they are asked for."""
    stream = io.BytesIO()
    packer = pickle.Pickler if with_texts else _Packer
    packer(stream, protocol=5).dump(value)
    data = stream.getvalue()
    return hashlib.sha256(data).digest() + data


def unpack(data: bytes) -> Any:  # noqa: ANN401 - whatever was packed
    """The value again; raises `DamagedError` if the bytes are not what was packed."""
    digest, rest = data[:32], data[32:]
    if hashlib.sha256(rest).digest() != digest:
        raise DamagedError("the digest does not fit")
    looking = gc.isenabled()
    gc.disable()  # data has no cycles, and to look for them takes longer than to read it
    try:
        return _Unpacker(io.BytesIO(rest)).load()
    except DamagedError:
        raise
    except Exception as error:  # a digest that fits, over something that is no value of ours
        raise DamagedError(str(error)) from error
    finally:
        if looking:
            gc.enable()
