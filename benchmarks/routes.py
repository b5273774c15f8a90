"""Every page that the application has, asked of the application itself, with an address that leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from sqlalchemy import Connection, Engine, text

# Of the last month's files the largest: who takes one back, takes back a new one.
_NEWEST_FILE = (
    "SELECT id FROM imported_file JOIN active_file ON file_id = id JOIN source_document USING (sha256)"
    " ORDER BY imported_at DESC, length(content) DESC LIMIT 1"
)
_PARTS = {
    "donor_id": "SELECT donor_id FROM allocation WHERE donor_id > 1 GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1",
    "payment_id": "SELECT payment_id FROM allocation GROUP BY payment_id ORDER BY count(*) DESC, 1 LIMIT 1",
    "file_id": _NEWEST_FILE,
    "import_id": _NEWEST_FILE,
    "month": "SELECT substr(booked_on, 1, 7) FROM payment GROUP BY 1 ORDER BY count(*) DESC LIMIT 1",
    "name": "SELECT 'swagger-ui.css'",
    "card": "SELECT 'month'",
    "year": "SELECT coalesce(min(year), (SELECT substr(max(booked_on), 1, 4) FROM payment)) FROM certificate",
}
"""What a part of an address means, as the query for one with much behind it."""
_DONORS = "'/treasurer/donors/' || coalesce(merged_into_id, donor.id) ||"
WHOLE = {
    "/appeal/{appeal_id}": (
        "SELECT '/appeal/' || appeal.id FROM appeal JOIN document_setting ON document_setting.name = 'appeals'"
        """ AND value LIKE '%"' || appeal.id || '":{"is_shown"_true%' LIMIT 1"""
    ),
    "/docs/static/pictures/{number}.svg": "SELECT '/docs/static/pictures/1.svg'",
    "/oembed.json": "SELECT '/oembed.json?url=https%3A%2F%2Flocalhost%2F'",
    "/own/{digest}/logo": "SELECT '/own/' || sha256 || '/logo' FROM association_logo LIMIT 1",
    "/own/{colour}/colour.css": "SELECT '/own/1c6b50/colour.css'",
    "/staff/lines": (
        "SELECT '/staff/lines?first=' || substr(max(booked_on), 1, 4) || '-01-01&last=' || max(booked_on) FROM payment"
    ),
    "/treasurer/donors/{donor_id}/claims/{claim_id}/back": (
        f"SELECT {_DONORS} '/claims/' || claim_id || '/back' FROM claim_word"  # noqa: S608 - nothing from outside
        " JOIN donor_claim ON donor_claim.id = claim_id JOIN donor ON donor.id = donor_id LIMIT 1"
    ),
    "/treasurer/donors/{donor_id}/merges/{number}/apart": (
        "SELECT '/treasurer/donors/' || into_id || '/merges/' || id || '/apart' FROM donor_merge ORDER BY id LIMIT 1"
    ),
    "/treasurer/donors/{donor_id}/links/{number}/apart": (
        "SELECT '/treasurer/donors/' || one_id || '/links/' || id || '/apart' FROM donor_link ORDER BY id LIMIT 1"
    ),
    "/treasurer/imports/done": f"SELECT '/treasurer/imports/done?id=' || ({_NEWEST_FILE})",
    "/api/v1/reports/{name}": (
        "SELECT '/api/v1/reports/appeals?from=' || substr(max(booked_on), 1, 4) || '-01-01' FROM payment"
    ),
    "/api/v1/reports/{name}.csv": "SELECT '/api/v1/reports/appeals.csv'",
    "/treasurer/cash/{file_id}.pdf": (
        "SELECT '/treasurer/cash/' || id || '.pdf' FROM imported_file WHERE format = 'cash-box' LIMIT 1"
    ),
    "/treasurer/certificates/{year}/{number}.pdf": (
        "SELECT '/treasurer/certificates/' || year || '/' || number || '.pdf' FROM certificate LIMIT 1"
    ),
    "/treasurer/inf4": "SELECT '/treasurer/inf4?year=' || substr(max(booked_on), 1, 4) FROM payment",
    "/treasurer/inf4/{year}/codes/letters.pdf": (
        "SELECT '/treasurer/inf4/' || substr(max(booked_on), 1, 4) || '/codes/letters.pdf' FROM payment"
    ),
    "/treasurer/inf4/lists/{number}.csv": "SELECT '/treasurer/inf4/lists/' || max(id) || '.csv' FROM tax_list",
    "/treasurer/inf4/lists/{number}.xlsx": "SELECT '/treasurer/inf4/lists/' || max(id) || '.xlsx' FROM tax_list",
    "/treasurer/journal/{month}.{kind}": (
        "SELECT '/treasurer/journal/' || substr(max(booked_on), 1, 7) || '.hledger' FROM payment"
    ),
    "/treasurer/reports/{name}": "SELECT '/treasurer/reports/donors'",
    "/treasurer/reports/{name}.{kind}": "SELECT '/treasurer/reports/donors.xlsx'",
    "/treasurer/proof/checks/{name}": "SELECT '/treasurer/proof/checks/sums_kept'",
    "/treasurer/mail/{number}": "SELECT '/treasurer/mail/' || max(id) FROM mail",
    "/treasurer/publishing/report/{number}": "SELECT '/treasurer/publishing/report/1'",
    "/treasurer/publishing/report/{number}.{kind}": "SELECT '/treasurer/publishing/report/1.html'",
    "/treasurer/rules/new": "SELECT '/treasurer/rules/new?payment=' || max(payment_id) FROM allocation",
    "/treasurer/rules/{number}/{switch}": "SELECT '/treasurer/rules/' || id || '/off' FROM standing_rule LIMIT 1",
}
"""Addresses whose parts belong together."""
_MORE = {
    "/treasurer/donors": ("?name=tamm", "?page=30"),
    "/treasurer/donors/{donor_id}/merge": ("?find=tamm",),
    "/treasurer/ledger": (
        *("?show=gift", "?show=refund", "?show=unallocated", "?end=true", "?way=out", "?appeal=2&end=true"),
        *("?least=123.45&most=123.45", "?text=tamm", "?text=annetus", "?text=mari+annetus", "?moving=true"),
    ),
    "/search": ("?find=tamm", "?find=annetus", "?find=25,00", "?find=2025", "?find=5.3.2025"),
}
"""What people ask of a page besides its first view."""
ONLY_IN_BETWEEN = frozenset(
    {"/account/app/qr.svg", "/treasurer/upload/{token}/columns/{number}", "/treasurer/layouts/{fingerprint}.json"}
)
"""What is only there while somebody sets something up."""


@dataclass(frozen=True, slots=True)
class Address:
    """A page's route, and where it was asked for; no address where nothing fits a part of it."""

    route: str
    path: str | None


def addresses(app: FastAPI, engine: Engine, known: Mapping[str, str]) -> list[Address]:
    """Return every page, in the order of their names; `known` are more parts of addresses."""
    routes = {each.path for each in iter_route_contexts(app.routes) if each.path and "GET" in (each.methods or ())}
    found = []
    with engine.connect() as connection:
        for route in sorted(routes - ONLY_IN_BETWEEN):
            path = _path(connection, route, known)
            found.append(Address(route, path))
            found += [Address(f"{route}{more}", f"{path}{more}") for more in _MORE.get(route, ())]
    return found


def _path(connection: Connection, route: str, known: Mapping[str, str]) -> str | None:
    if route in WHOLE:
        return connection.execute(text(WHOLE[route])).scalar()
    values = dict(known)
    names = set(re.findall(r"\{(\w+)", route))
    for name in names & _PARTS.keys() - values.keys():
        values[name] = str(connection.execute(text(_PARTS[name])).scalar())
    if names - values.keys():
        return None
    return re.sub(r"\{(\w+)[^}]*\}", lambda part: values[part[1]], route)
