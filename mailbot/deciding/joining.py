"""Whether the parts of a mail belong to the dossier that an association's lists have opened.

Where companies and associations may both submit, the forms of an association's companies
name the companies; who sends them is seen from the lists of an earlier mail alone. Refuses
to join by name: that is the business of :mod:`mailbot.deciding.filing`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from mailbot.outcome import KnownDossier, Register
from parsers.forms.labels import normalise_name
from rules.gathering.dossier import assemble, category_of, item_name
from rules.gathering.papers import row_names
from rules.gathering.routing import Route, UnitPart, forms_of, is_own_name
from rules.notice.campaign import Campaign


def joined(
    register: Register,
    campaign: Campaign,
    route: Route,
    parts: Sequence[UnitPart],
    *,
    sender: str,
    answered: Collection[KnownDossier],
) -> Sequence[UnitPart]:
    """The parts as they are, or as the one part of an association.

    For that a dossier of the mail that is answered (``answered``) or of the same sender
    must bear the name of none of the companies, and have or list all that they apply for.
    """
    if campaign.tier(route.tier).applicant != "either":
        return parts
    names = {
        normalise_name(item_name(form, category))
        for part in parts
        for form in forms_of(part.documents)
        if (category := category_of(campaign, form)) is not None
    }
    there = register.dossiers(route.campaign, route.tier)
    own = register.by_sender(route.campaign, route.tier, sender)
    for known in [*(e for e in there if e in answered), *(e for e in there if e in own)]:
        if any(not part.unit or is_own_name(known.unit, part.unit) for part in parts):
            continue
        earlier = assemble(campaign, route.tier, known.unit, register.submissions(known.id))
        listed = {name for paper in earlier.papers for name in row_names(paper, campaign)}
        listed |= {normalise_name(item.name) for item in earlier.items}
        if names and names <= listed:
            documents = {d.sha256: d for part in parts for d in part.documents}
            return (UnitPart(unit=known.unit, documents=tuple(documents.values())),)
    return parts
