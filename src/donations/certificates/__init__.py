"""Certificates of what donors gave in a year: numbered, frozen, void once the books change, and then replaced."""

from donations.certificates.issuing import issue, year_of_certificates
from donations.certificates.letterhead import letterhead
from donations.certificates.of_donor import OfDonor, certificates_of_donor, find_certificate
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
    "Certificate",
    "Issued",
    "OfDonor",
    "Ready",
    "State",
    "Sums",
    "Why",
    "YearOfCertificates",
    "certificates_of_donor",
    "find_certificate",
    "issue",
    "letterhead",
    "year_of_certificates",
]
