"""The one place that the version of qubrid-facade is written in."""

__version__ = "0.1.0"
