"""HTTP in, templates out: one module per audience, made into an application by `create_app`."""

from donations.web.app import create_app, only_public
from donations.web.connections import http_within
from donations.web.own_name import look_for_name
from donations.web.site import Site
from donations.web.traffic import tell_requests

__all__ = ["Site", "create_app", "http_within", "look_for_name", "only_public", "tell_requests"]
