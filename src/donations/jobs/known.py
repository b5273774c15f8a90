"""All kinds of jobs, by their names."""

from __future__ import annotations

from donations.jobs.certificates import CERTIFICATES

KINDS = {each.name: each for each in (CERTIFICATES,)}
