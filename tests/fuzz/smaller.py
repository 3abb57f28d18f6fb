"""An input that breaks a law, made as small as it can be while it still breaks it."""

from __future__ import annotations

from collections.abc import Callable


def smaller(target: Callable[[bytes], None], data: bytes) -> bytes:
    """Take pieces out, ever smaller ones, as long as the same kind of error remains."""
    wrong = _error(target, data)
    if wrong is None:
        raise ValueError("every law holds of this input")
    size = max(1, len(data) // 2)
    while size:
        at = 0
        while at < len(data):
            less = data[:at] + data[at + size :]
            if _error(target, less) == wrong:
                data = less
            else:
                at += size
        size //= 2
    return data


def _error(target: Callable[[bytes], None], data: bytes) -> tuple[type[Exception], str] | None:
    try:
        target(data)
    except Exception as error:  # noqa: BLE001 - whatever it is
        return type(error), str(error).partition(":")[0]
    return None
