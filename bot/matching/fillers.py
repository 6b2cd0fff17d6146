"""Words that a name may have inside and neither begins nor ends with, and those that turn its sense."""

from __future__ import annotations

from bot.matching.function_words import ADVERBS

# Turn what follows into its opposite, so that a name keeps them: "card has not arrived".
NEGATIONS = frozenset(
    "not no never cannot cant wont dont doesnt didnt isnt arent wasnt werent havent hasnt couldnt without "
    "unable "
    "nicht kein keine keinen nie ohne pas jamais sans".split()
)
# Belong to the verb before them: "top up", "locked out".
PARTICLES = frozenset("up out off down".split())
# Common in any matter; the stop words of matching besides.
FILLERS = ADVERBS | frozenset(
    # verbs that say little, times, courtesies, feelings
    "allow allowed allows ask asked asking believe bit bring brings call called came come comes coming "
    "concerned couple day days different doing done earlier explain feel figure found gave get gets "
    "getting give given gives go goes going gone good gotten great guess happen happened happening hello "
    "help hey hi hour hours keep keeping keeps kept know last later long look looking made make makes "
    "making mean means meant minute minutes month months morning need needed needs notice noticed one "
    "ones put puts putting said say says see seem seems seen show sorry suppose supposed sure take taken "
    "takes taking tell thank thanks think thought time today told tonight tried try trying turn turned "
    "turning turns use used uses using want wanted wanting wants way ways week weekend weeks well went "
    "wish wonder wondering worried year years yesterday monday tuesday wednesday thursday friday saturday "
    "sunday".split()
)
