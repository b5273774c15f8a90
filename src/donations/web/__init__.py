"""HTTP in, templates out: one module per audience, made into an application by `create_app`."""

from donations.web.app import create_app
from donations.web.traffic import WithoutValues, tell_requests

__all__ = ["WithoutValues", "create_app", "tell_requests"]
