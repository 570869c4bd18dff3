"""The Python client for making images with Qubrid: typed, careful with money, and never silent.

from qubrid_facade import Qubrid

client = Qubrid()  # the key is in QUBRID_API_KEY
client.images.generate("a red fox in snow").save("foxes")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._public import *  # noqa: F403 - it lists its names
    from ._public import __all__ as __all__
    from ._public import __version__ as __version__
else:

    def __getattr__(name: str) -> object:
        """Import the library when something of it is asked for: ``qubrid --help`` needs none of it."""
        if name.startswith("_") and name not in ("__all__", "__version__"):
            # Python asks for submodules in this way too.
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from . import _public

        if name not in (*_public.__all__, "__all__"):
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(_public, name)
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *__getattr__("__all__")})
