"""Certificates of what donors gave in a year: numbered, frozen, void once the books change, and then replaced."""

from donations.certificates.issuing import CannotIssueError, find_certificate, issue, year_of_certificates
from donations.certificates.value import (
    CannotGet,
    Certificate,
    Issued,
    Ready,
    State,
    Sums,
    Why,
    YearOfCertificates,
)

__all__ = [
    "CannotGet",
    "CannotIssueError",
    "Certificate",
    "Issued",
    "Ready",
    "State",
    "Sums",
    "Why",
    "YearOfCertificates",
    "find_certificate",
    "issue",
    "year_of_certificates",
]
