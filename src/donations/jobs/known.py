"""All kinds of jobs, by their names."""

from __future__ import annotations

from donations.jobs.certificates import CERTIFICATES
from donations.jobs.checks import CHECKS_RUN
from donations.jobs.sending import SENDING
from donations.jobs.telling import TELLING

KINDS = {each.name: each for each in (CERTIFICATES, CHECKS_RUN, SENDING, TELLING)}
