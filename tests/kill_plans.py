"""Where the service is killed, in which order, and what has to be in the mailbox for that."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest

from kill_points import POINTS
from kills import FIRST, Policy, Round
from season import KINDS

_NEEDS = {"promoting": "accepted", "copying": "faulty", "copied": "faulty"}
#: What is reached only with the trace of an earlier death.
_AFTER_DOUBT = ("asking", "settled", "doubted")
#: By what stands behind the uncertain: what never happens.
_NEVER: dict[Policy, tuple[str, ...]] = {
    "hold": ("settled", "entered", "flagging", "shelving", "shelved", "clearing"),
    "resend": ("asking", "keeping", "entered", "flagging", "moving"),
    "probe": ("keeping", "moving", "shelving", "shelved", "clearing"),
}
#: Staff are told once a day, and once of a trouble: who dies behind that never comes there again.
_TOLD = ("digested", "alerted")
_DOUBT = Round(point="sending ended", kinds=("question",))
_STATEMENTS = 150  #: of one cycle over a mail or two, nearly all
#: Out of ten mails of a season.
_MIX = (
    *("accepted", "faulty", "zip", "bundle", "question"),
    *("automatic", "bounce", "garbage", "duplicate", "again"),
)


def scenes(policy: Policy) -> list[list[Round]]:
    """Each point once; those that belong together in their order."""
    found: list[list[Round]] = []
    for point in POINTS:
        what = point.rpartition(" ")[0]
        if what in _NEVER[policy]:
            continue
        if what == "alerted":
            found.append([Round(point=point, troubled=True)])
            continue
        entry = Round(
            point=point,
            kinds=(_NEEDS.get(what, "question"),),
            digest=what == "digested",
            loses=what == "entered",
        )
        found.append([_DOUBT, entry] if what in _AFTER_DOUBT else [entry])
    return found


def each_once(policy: Policy, *, only: Iterable[str] = POINTS) -> list[Round]:
    """A death at each point, then the end."""
    wanted = set(only)
    played = [scene for scene in scenes(policy) if scene[-1].point in wanted]
    return [FIRST, *chain.from_iterable(played), *_ending(("late",))]


def season_of(policy: Policy, *, mails: int, kills: int, seed: int) -> list[Round]:
    """So many of each, in an order drawn by lot: every point, and then any statement."""
    draw = random.Random(seed)
    rounds: list[Round] = []
    while len(rounds) < kills * 4 // 5:
        played = [scene for scene in scenes(policy) if _what(scene) not in _TOLD]
        if not rounds:
            played += _told(policy)
        draw.shuffle(played)
        rounds += chain.from_iterable(played)
    rounds = rounds[: kills * 4 // 5]
    rounds += [
        Round(point="statement", nth=draw.randint(1, _STATEMENTS))
        for _ in range(kills - len(rounds))
    ]
    draw.shuffle(rounds[kills * 4 // 5 :])
    late = mails // 20
    missing = mails - 1 - late - sum(len(entry.kinds) for entry in rounds)
    more = [_MIX[number % len(_MIX)] for number in range(missing)]
    draw.shuffle(more)
    shares = [more[number :: len(rounds)] for number in range(len(rounds))]
    return [
        FIRST,
        *(_with(entry, share) for entry, share in zip_longest(rounds, shares, fillvalue=[])),
        *_ending(("late",) * late),
    ]


def _told(policy: Policy) -> list[list[Round]]:
    """The deaths around telling staff: of each kind one scene, in its order."""
    return [
        list(chain.from_iterable(scene for scene in scenes(policy) if _what(scene) == what))
        for what in _TOLD
    ]


def _what(scene: Sequence[Round]) -> str:
    return scene[-1].point.rpartition(" ")[0]


def _with(entry: Round, more: Sequence[str]) -> Round:
    """Behind what the round needs: that comes first."""
    return Round(
        point=entry.point,
        nth=entry.nth,
        kinds=(*entry.kinds, *more),
        digest=entry.digest,
        loses=entry.loses,
        troubled=entry.troubled,
    )


def _ending(kinds: tuple[str, ...]) -> list[Round]:
    """Nobody is killed any more; what is uncertain is settled when a few minutes have passed."""
    return [Round(kinds=kinds, digest=True), Round(minutes=5), Round(minutes=10, digest=True)]


assert set(_MIX) <= set(KINDS)
