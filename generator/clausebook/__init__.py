"""Clausebook: one master policy, a tailored policy website for every school.

The flow, in one line; `pipeline` is where to start reading::

    Tree ─read→ Trust ─tailor→ Body ─render→ Site ─publish→ websites
"""

from importlib.metadata import version

__version__ = version("clausebook")
