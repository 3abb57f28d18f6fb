"""Other machines, through an existing engine: Dask (`pip install clausebook[dask]`).

Whoever runs the cluster starts `dask scheduler` and `dask worker`; Clausebook only hands out its
pieces and takes the results, over the network, so workers need Clausebook and no shared disk.
Dask does a piece again elsewhere when the worker that had it is gone.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from clausebook.buildcache import digest
from clausebook.engines import EngineError

Shared = TypeVar("Shared")
Piece = TypeVar("Piece")
Result = TypeVar("Result")

_PATIENCE = "20s"
"""How long to wait for a scheduler to answer, and then for a first worker."""

_TRIES = 5
"""So many workers may be lost over one piece."""


@dataclass(frozen=True)
class Dask:
    """The workers of a Dask scheduler, such as `tcp://host:8786`."""

    address: str
    is_near: bool = False

    def run(
        self,
        work: Callable[[Shared, Piece], Result],
        shared: Shared,
        pieces: Sequence[Piece],
    ) -> Generator[Result, None, None]:
        """See `Engine.run`."""
        try:
            from distributed import Client, as_completed  # noqa: PLC0415 - an extra, slow to load
        except ImportError as error:
            message = "--scheduler needs Dask: pip install 'clausebook[dask]'"
            raise EngineError(message) from error
        try:
            client: Any = Client(  # type: ignore[no-untyped-call]
                self.address, timeout=_PATIENCE, set_as_default=False
            )
        except (OSError, ValueError) as error:
            message = f"there is no Dask scheduler at '{self.address}' that answers"
            raise EngineError(message) from error
        with client:
            self._wait_for_workers(client)
            data = pickle.dumps((work, shared), protocol=5)
            # A piece of work of its own, and not data that is sent ahead: lost with every worker
            # that has it, it is done again.
            begun = client.submit(_begin, data, key=f"clausebook-{digest(data)}", retries=_TRIES)
            futures = [
                client.submit(_do, begun, piece, pure=False, retries=_TRIES) for piece in pieces
            ]
            try:
                done: Any = as_completed(futures, loop=client.loop)  # type: ignore[no-untyped-call]
                for future in done:
                    yield future.result()
                    future.release()
            except Exception as error:
                if type(error).__module__.startswith("distributed"):
                    message = f"the workers at '{self.address}' could not do the work: {error}"
                    raise EngineError(message) from error
                raise

    def _wait_for_workers(self, client: Any) -> None:  # noqa: ANN401 - Dask has no types
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError as error:
            message = f"the Dask scheduler at '{self.address}' has no workers"
            raise EngineError(message) from error


def _begin(data: bytes) -> tuple[Callable[[Any, Any], Any], Any]:
    """On a worker: what to do, and what all pieces share."""
    work, shared = pickle.loads(data)  # noqa: S301 - from whoever started the build
    return work, shared


def _do(begun: tuple[Callable[[Any, Any], Any], Any], piece: object) -> object:
    work, shared = begun
    return work(shared, piece)
