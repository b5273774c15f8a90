"""The command line: arguments in, tables or one JSON document out."""

from donations.cli.main import app, run, start

__all__ = ["app", "run", "start"]
