"""Filled forms of every campaign with what a perfect reader would take from them.

Each campaign's module sets its forms as the notice prints them, by hand and not
from the campaign's data, fills them as different companies would and writes the
values beside them. The drawing knows nothing of the readers it is meant to test.
"""

from corpus import china, chongqing, henan, hunan, shanxi

#: each campaign's samples, made anew at each call
CAMPAIGNS = {
    china.CAMPAIGN: china.samples,
    chongqing.CAMPAIGN: chongqing.samples,
    henan.CAMPAIGN: henan.samples,
    hunan.CAMPAIGN: hunan.samples,
    shanxi.CAMPAIGN: shanxi.samples,
}
