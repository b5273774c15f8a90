"""All kinds of jobs, by their names."""

from __future__ import annotations

from donations.jobs.certificates import CERTIFICATES
from donations.jobs.sending import SENDING

KINDS = {each.name: each for each in (CERTIFICATES, SENDING)}
