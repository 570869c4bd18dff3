"""The clients that are measured, each used as its own documentation shows, with its own defaults.

A module here imports one client, and this one imports nothing: a process pays for what it measures only.
"""

KEY = "sk-benchmark-0123456789abcdef"
MODEL = "qwen-image"
PATH = "/v1/images/generations"
PROMPT = "a red fox in snow"
SMALL = "a small red fox in snow"  # the server answers it with a small picture, to warm up with
