"""Which claims are one donor: what the bank's own fields say together, and what people said (docs/adr/0020).

A function of the payments that count and of people's words, whatever order they came in; numbers of donors are no part
of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from donations.core.donor import Claim, CodeClaim, DonorId, PayerClaim
from donations.core.iban import ValidIban
from donations.core.name import NameKey
from donations.core.person_code import CheckedCode

Link = tuple[Claim, Claim]
"""Two claims that are one donor's."""
Node = Claim | DonorId


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What a payment says of who pays."""

    iban: ValidIban | None
    name: NameKey
    stated: CheckedCode | None = None
    """The code in the bank's own field."""
    typed: tuple[CheckedCode, ...] = ()
    """The codes in the text, without the organisation's own."""
    cut: frozenset[NameKey] = frozenset()
    """The name as other statements cut it, of the same payment."""

    @property
    def payer(self) -> PayerClaim | None:
        """The account and the name; None where the account is not valid."""
        return None if self.iban is None else PayerClaim(self.iban, self.name)

    @property
    def hint(self) -> CheckedCode | None:
        """The only code in the text, where the bank gives none."""
        return self.typed[0] if self.stated is None and len(self.typed) == 1 else None

    @property
    def code(self) -> CheckedCode | None:
        """The code that counts as the payer's as far as this payment can tell."""
        return self.stated or self.hint


@dataclass(frozen=True, slots=True, kw_only=True)
class DonorDecisions:
    """What people said of who is who."""

    kept: Mapping[Claim, DonorId] = field(default_factory=dict)
    """Claims that stay with a donor, for a person said of it who it is."""
    given: frozenset[PayerClaim] = frozenset()
    """Accounts with names of which a person said for whom they pay: no code says otherwise."""
    typed: frozenset[CodeClaim] = frozenset()
    """Kept codes that stood only in texts when a person spoke of the donor."""
    one: frozenset[tuple[DonorId, DonorId]] = frozenset()
    two: frozenset[tuple[DonorId, DonorId]] = frozenset()
    """Donors who are two, whatever links them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Claims by the donor whose they are."""

    links: tuple[Link, ...]
    """Those that hold."""
    refused: tuple[Link, ...]
    """Those that would make one of donors who are two by a person's word."""
    hints: frozenset[tuple[PayerClaim, CheckedCode]]
    """Codes typed into texts, as far as they are the payer's own."""
    doubtful: frozenset[tuple[PayerClaim, CheckedCode]]
    """Those that may be anybody's."""
    codes: Mapping[PayerClaim, frozenset[CheckedCode]]
    """The codes that the bank gives with an account and name, and those that a person's word holds with it."""
    heads: Mapping[Node, Node]
    """Whatever is in a group with its head; what is alone is left out."""
    claims: Mapping[Node, frozenset[Claim]]
    """The claims of each head."""

    def head(self, node: Node) -> Node:
        """Return what stands for a node's group here."""
        return self.heads.get(node, node)

    def together(self, claim: Claim) -> frozenset[Claim]:
        """Return the claims of one donor."""
        return self.claims.get(self.head(claim), frozenset({claim}))


def group(sightings: Iterable[Sighting], words: DonorDecisions) -> Groups:
    """Return which claims are one donor's; words come first, then links in an order of their own."""
    sightings = list(sightings)
    words = _without_borrowed(words, sightings)
    forest = _Forest(words.two)
    for one, other in (*words.kept.items(), *sorted(words.one)):
        forest.unite(one, other, by_word=True)
    seen = _Seen(sightings, words)
    known = {claim: forest.find(claim) for claim in words.kept}
    hints = frozenset(seen.hints(known))
    found = {*seen.links(), *((payer, CodeClaim(code)) for payer, code in hints)}
    held: list[Link] = []
    refused: list[Link] = []
    for link in sorted(found, key=lambda link: (claim_key(link[0]), claim_key(link[1]))):
        (held if forest.unite(*link) else refused).append(link)
    claims: defaultdict[Node, set[Claim]] = defaultdict(set)
    heads = {node: forest.find(node) for node in forest.nodes}
    for node, head in heads.items():
        if not isinstance(node, int):
            claims[head].add(node)
    return Groups(
        links=tuple(held),
        refused=tuple(refused),
        hints=hints,
        doubtful=frozenset(
            (payer, code)
            for payer, code in seen.typed() - hints
            if heads.get(payer, payer) != heads.get(CodeClaim(code), CodeClaim(code))
        ),
        codes=seen.codes(),
        heads=heads,
        claims={head: frozenset(own) for head, own in claims.items()},
    )


def _without_borrowed(words: DonorDecisions, sightings: Sequence[Sighting]) -> DonorDecisions:
    """Let codes go that a donor only typed, and others came with too: no word about the donor makes them its own."""
    stated: defaultdict[CheckedCode, set[NameKey]] = defaultdict(set)
    used: defaultdict[CheckedCode, set[NameKey]] = defaultdict(set)
    for each in sightings:
        if each.code is not None and each.name:
            used[each.code].add(each.name)
            if each.stated is not None:
                stated[each.stated].add(each.name)
    names: defaultdict[DonorId, set[NameKey]] = defaultdict(set)
    for claim, donor in words.kept.items():
        if isinstance(claim, PayerClaim) and claim.name:
            names[donor].add(claim.name)

    def is_borrowed(claim: Claim, theirs: AbstractSet[NameKey]) -> bool:
        if not isinstance(claim, CodeClaim) or claim not in words.typed or not theirs:
            return False
        return theirs.isdisjoint(stated[claim.code]) and bool(used[claim.code] - theirs)

    kept = {claim: donor for claim, donor in words.kept.items() if not is_borrowed(claim, names[donor])}
    return replace(words, kept=kept)


def claim_key(claim: Claim) -> tuple[str, str, str]:
    """Return what claims are put in order by: code, account, name."""
    match claim:
        case CodeClaim(code):
            return (str(code), "", "")
        case PayerClaim(iban, name):
            return ("", str(iban), str(name))


class _Forest:
    """Union-find that keeps apart what a person said is two."""

    def __init__(self, two: Iterable[tuple[DonorId, DonorId]]) -> None:
        self._parent: dict[Node, Node] = {}
        self._foes: defaultdict[Node, set[Node]] = defaultdict(set)
        for one, other in two:
            self._foes[one].add(other)
            self._foes[other].add(one)

    @property
    def nodes(self) -> list[Node]:
        return list(self._parent)

    def find(self, node: Node) -> Node:
        at = node
        while (above := self._parent.setdefault(at, at)) != at:
            at = above
        while (above := self._parent[node]) != at:  # the next look is short
            self._parent[node], node = at, above
        return at

    def unite(self, one: Node, other: Node, *, by_word: bool = False) -> bool:
        """Let two be one; False where they are two by a person's word, and no later word says otherwise."""
        first, second = self.find(one), self.find(other)
        if first == second:
            return True
        if not by_word and any(self.find(foe) == second for foe in self._foes.get(first, ())):
            return False
        self._parent[second] = first
        if second in self._foes:
            self._foes[first] |= self._foes.pop(second)
        return True


class _Seen:
    """Sightings by what they link."""

    def __init__(self, sightings: Iterable[Sighting], words: DonorDecisions) -> None:
        self._given = words.given
        self._stated: defaultdict[PayerClaim, set[CheckedCode]] = defaultdict(set)
        self._hinted: defaultdict[PayerClaim, set[CheckedCode | None]] = defaultdict(set)
        self._names: defaultdict[ValidIban, set[NameKey]] = defaultdict(set)
        self._named_with: defaultdict[CheckedCode, set[NameKey]] = defaultdict(set)
        self._writing: defaultdict[CheckedCode, set[NameKey]] = defaultdict(set)  # into texts
        self._without_account: defaultdict[CheckedCode, set[NameKey]] = defaultdict(set)  # likewise
        self._cut: set[Link] = set()
        for each in sightings:
            payer = each.payer
            if each.stated is not None and each.name:
                self._named_with[each.stated].add(each.name)
            if payer is None:
                if each.hint is not None and each.name:
                    self._without_account[each.hint].add(each.name)
                continue
            if payer.name:
                self._names[payer.iban].add(payer.name)
            if each.stated is not None:
                self._stated[payer].add(each.stated)
            self._hinted[payer].add(each.hint)
            if each.hint is not None and payer.name:
                self._writing[each.hint].add(payer.name)
            self._cut |= {(payer, PayerClaim(payer.iban, name)) for name in each.cut}
        by_donor: defaultdict[DonorId, set[CheckedCode]] = defaultdict(set)
        for claim, donor in words.kept.items():
            if isinstance(claim, CodeClaim):
                by_donor[donor].add(claim.code)
        self._kept = {claim: by_donor[donor] for claim, donor in words.kept.items() if isinstance(claim, PayerClaim)}

    def codes(self) -> dict[PayerClaim, frozenset[CheckedCode]]:
        """Return the codes of each account with a name that has any."""
        return {payer: frozenset(codes) for payer in self._hinted if (codes := self._codes(payer))}

    def _codes(self, payer: PayerClaim) -> set[CheckedCode]:
        return self._stated[payer] | self._kept.get(payer, set())

    def links(self) -> Iterator[Link]:
        """Yield what the bank's own fields say together; two codes of one account and name link nothing."""
        for payer in list(self._hinted):
            if payer in self._given:
                continue
            names = self._names[payer.iban]
            if payer.name or not names:
                if self._stated[payer] and len(self._codes(payer)) == 1:
                    yield payer, CodeClaim(*self._stated[payer])
            elif len(names) == 1:
                named = PayerClaim(payer.iban, *names)
                if named not in self._given:
                    yield payer, named
        yield from (link for link in self._cut if self._given.isdisjoint(link))

    def hints(self, known: Mapping[Claim, Node]) -> Iterator[tuple[PayerClaim, CheckedCode]]:
        """Yield the codes in texts that name the payer; `known` are the claims that people's words hold.

        It is somebody's whom the bank or a person names with it, else the only name's that it ever came with, else of
        those that never came without it.
        """
        writing: defaultdict[CheckedCode, set[PayerClaim]] = defaultdict(set)
        for payer, hinted in self._hinted.items():
            if payer.name and payer not in self._given and not self._codes(payer):
                for code in hinted:
                    if code is not None:
                        writing[code].add(payer)
        for code, payers in writing.items():
            owners = self._named_with[code] | _names_beside(CodeClaim(code), known)
            owners = owners or _only({*self._without_account[code], *(payer.name for payer in payers)})
            owners = owners or _only(payer.name for payer in payers if self._hinted[payer] == {code})
            for payer in payers:
                if payer.name in owners and self._hinted[payer] <= {code, None}:
                    yield payer, code

    def typed(self) -> set[tuple[PayerClaim, CheckedCode]]:
        """Return the codes in texts where the bank gave none, beside those that it gave there before."""
        return {
            (payer, code)
            for payer, hinted in self._hinted.items()
            for code in hinted
            if code is not None
            and code not in self._stated[payer]
            and payer not in self._given
            and self._is_somebodys(payer, code)
        }

    def _is_somebodys(self, payer: PayerClaim, code: CheckedCode) -> bool:
        """Whether a name came with a code; a payer without a name may have one that never did."""
        if payer.name:
            return True
        return bool(self._named_with[code] or self._writing[code])


def _names_beside(claim: Claim, known: Mapping[Claim, Node]) -> set[NameKey]:
    here = known.get(claim)
    return {each.name for each, at in known.items() if isinstance(each, PayerClaim) and at == here} - {NameKey("")}


def _only(names: Iterable[NameKey]) -> set[NameKey]:
    found = set(names)
    return found if len(found) == 1 else set()


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """Whose each claim is from now on."""

    owners: Mapping[Claim, DonorId]
    freed: Mapping[Claim, DonorId]
    """Claims that were these donors' and are not any more: nobody's, or of a donor who has no number yet."""


def own(groups: Groups, registered: Mapping[Claim, DonorId], *, seen: AbstractSet[Claim]) -> Owned:
    """Return whose claims are; `registered` are those that have a donor, the oldest first.

    A donor's number stays with the group of its oldest code that is seen now, for a code outlasts accounts and names;
    else of its oldest other claim that is seen; where none is, it waits for them. A code that one of its own payers
    only typed, and that may be somebody else's, comes last.
    """
    by_donor: defaultdict[DonorId, list[Claim]] = defaultdict(list)
    for claim, donor in registered.items():
        by_donor[donor].append(claim)
    owners: dict[Claim, DonorId] = {}
    left: list[Claim] = []
    for donor, claims in by_donor.items():
        borrowed = {CodeClaim(code) for payer, code in groups.doubtful if payer in claims}
        alive = sorted(
            (claim for claim in claims if claim in seen),
            key=lambda claim: 2 if claim in borrowed else isinstance(claim, PayerClaim),
        )
        if donor not in groups.heads and not alive:
            owners |= dict.fromkeys(claims, donor)
            continue
        home = groups.head(donor if donor in groups.heads else alive[0])
        for claim in claims:
            if groups.head(claim) == home:
                owners[claim] = donor
            else:
                left.append(claim)
    _join(groups, owners)
    return Owned(owners=owners, freed={claim: registered[claim] for claim in left if claim not in owners})


def _join(groups: Groups, owners: dict[Claim, DonorId]) -> None:
    """Let claims without a donor be the donor's with whose claims they are linked, each with the nearest."""
    beside: defaultdict[Claim, list[Claim]] = defaultdict(list)
    for one, other in groups.links:
        beside[one].append(other)
        beside[other].append(one)
    waiting = sorted((claim for claim in beside if claim in owners), key=claim_key)
    while waiting:
        further = []
        for claim in waiting:
            for other in sorted(beside[claim], key=claim_key):
                if other not in owners:
                    owners[other] = owners[claim]
                    further.append(other)
        waiting = further
