"""Runs Clausebook in odd surroundings: `python oddly.py SETTINGS WORD...`, SETTINGS as JSON.

What a process inherits (its environment, its streams, its folder) is set by whoever starts this;
here is what only the process itself can change.  Nothing may be imported from Clausebook before.
Chance is taken out: the salts of versions are counted.
"""

from __future__ import annotations

import ctypes
import datetime  # noqa: ICN001 - the module itself is changed
import itertools
import json
import os
import runpy
import secrets
import sys
import time
from collections.abc import Callable
from typing import Any

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
"""From Linux's <linux/sched.h>."""

NETWORK_USED = 77
"""The exit code of whoever tries to reach another machine."""

ASKING = frozenset(
    {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}
)
LOCAL_FAMILY = 1


def cut_off() -> None:
    """Have no network: a namespace with no way out, where the system lets us, and an alarm."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.unshare(_CLONE_NEWNET if os.geteuid() == 0 else _CLONE_NEWUSER | _CLONE_NEWNET)

    def alarm(event: str, about: tuple[Any, ...]) -> None:
        if event in ASKING and getattr(about[0], "family", None) != LOCAL_FAMILY:
            os._exit(NETWORK_USED)  # nothing can catch this

    sys.addaudithook(alarm)


def become(user: int) -> None:
    """Be another user, who may write nothing but their own.

    They may read everything, as Python and its packages may stand where only root can look.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)
    kept = 1 << _CAP_DAC_READ_SEARCH
    libc.capset((ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0), (ctypes.c_uint32 * 6)(kept, kept))


_PR_SET_KEEPCAPS, _CAP_DAC_READ_SEARCH, _CAPABILITY_VERSION = 8, 2, 0x20080522
"""From Linux's <linux/prctl.h> and <linux/capability.h>."""


def set_clock(now: float) -> None:
    """Let this process, and all that it forks, take another time for the present one."""
    begun = time.monotonic()

    def seconds() -> float:
        return now + time.monotonic() - begun

    def at(convert: Callable[[float], Any]) -> Callable[..., Any]:
        return lambda when=None: convert(seconds() if when is None else when)

    local, utc, written = time.localtime, time.gmtime, time.strftime
    time.time = seconds
    time.time_ns = lambda: int(seconds() * 1e9)
    time.localtime = at(local)
    time.gmtime = at(utc)
    time.strftime = lambda form, *when: written(form, *(when or (time.localtime(),)))
    real: Any = datetime.datetime

    class AnyDatetime(type):
        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, real)

    class Datetime(real, metaclass=AnyDatetime):  # type: ignore[misc] # the real one
        @classmethod
        def now(cls, tz: Any = None) -> Any:  # noqa: ANN401 - of either kind
            return real.fromtimestamp(seconds(), tz)

        @classmethod
        def utcnow(cls) -> Any:  # noqa: ANN401 - of either kind
            return real.fromtimestamp(seconds(), datetime.UTC).replace(tzinfo=None)

    datetime.datetime = Datetime  # type: ignore[misc]  # date.today() asks time.time()


def main() -> None:
    """Change what is to be changed, and be `python -m clausebook`."""
    settings: dict[str, Any] = json.loads(sys.argv[1])
    del sys.path[0]  # this file's own folder
    if settings.get("clock") is not None:
        set_clock(settings["clock"])
    numbers = itertools.count()
    secrets.token_hex = lambda nbytes=None: f"{next(numbers):0{2 * (nbytes or 32)}x}"
    if settings.get("cut_off"):
        cut_off()
    os.umask(settings.get("umask", 0o022))
    if settings.get("user"):
        become(settings["user"])
    sys.argv[:] = ["clausebook", *sys.argv[2:]]
    runpy.run_module("clausebook", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
