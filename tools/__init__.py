"""Habits of the project that are more than one command: taking in the vendor's document and generating code.

Run from the repository's root: ``python -m tools.spec``, ``python -m tools.gen``,
``python -m tools.summary``. What a person may have to edit is in ``settings.py``. Each module that fills
a gap of the generator says which.
"""
