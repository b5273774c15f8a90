"""A passkey in software, as an attacker would bring one: it signs whatever it is asked to."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url

from donations.access.passkey import RelyingParty

_PRESENT_AND_VERIFIED, _NEW = 0b0000_0101, 0b0100_0000


@dataclass(frozen=True, slots=True)
class Authenticator:
    """One key for one site."""

    place: RelyingParty
    id: bytes = b"k" * 32
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def made(self, options: str) -> str:
        """Answer with a new passkey, to whatever challenge stands in the options."""
        point = self.key.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)})
        data = self._data(_NEW) + bytes(16) + len(self.id).to_bytes(2) + self.id + public
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options)
        return self._answer(clientDataJSON=client, attestationObject=attestation)

    def used(self, options: str) -> str:
        """Sign the challenge in the options."""
        data, client = self._data(0), self._client("webauthn.get", options)
        signature = self.key.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signature)

    def _data(self, flags: int) -> bytes:
        return sha256(self.place.host.encode()).digest() + bytes([_PRESENT_AND_VERIFIED | flags]) + bytes(4)

    def _client(self, kind: str, options: str) -> bytes:
        challenge = json.loads(options)["challenge"]
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.place.origin}).encode()

    def _answer(self, **response: bytes) -> str:
        named = bytes_to_base64url(self.id)
        said = {name: bytes_to_base64url(value) for name, value in response.items()}
        return json.dumps({"id": named, "rawId": named, "type": "public-key", "response": said})
