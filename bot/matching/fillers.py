"""Words that a name may have inside and neither begins nor ends with, and those that turn its sense."""

from __future__ import annotations

# Turn what follows into its opposite, so that a name keeps them: "card has not arrived".
NEGATIONS = frozenset(
    "not no never cannot cant wont dont doesnt didnt isnt arent wasnt werent havent hasnt couldnt without "
    "unable "
    "nicht kein keine keinen nie ohne pas jamais sans".split()
)
# Belong to the verb before them: "top up", "locked out".
PARTICLES = frozenset("up out off down".split())
# Common in any matter; the stop words of matching besides.
FILLERS = frozenset(
    # English: verbs that say little, times, courtesies, what points elsewhere
    "able actually ago allow already always another anyone anything anyway around away because become been "
    "before being between both bring brings call called came certain certainly come comes coming currently "
    "day days different does doing done each either else etc even ever every everyone everything few "
    "finally found frequently getting give given gives go goes going gone good great happen happened "
    "happening hello help here hey hi hour hours however immediately instead keep keeping keeps kind know "
    "last let like likely long look looking lot made make makes making many may maybe might mine minute "
    "minutes month months more morning most much must myself need needed needs next nothing often ok okay "
    "once one other others over own perhaps possible probably put puts putting really recently said same "
    "say says see seem seems seen several shall should show since somehow someone something sometimes soon "
    "sorry still such take taken takes taking tell thank thanks thing things think though through till time "
    "times today together told tried try trying turn turned turning turns under until upon use used uses "
    "using very via wait want wanted wants way ways week weeks well went while whole within wonder "
    "wondering year years yes yesterday yet "
    # German
    "aber als am an auch auf aus bei beim bin bis da dann das dass dem den der des die dies diese diesen "
    "dieser "
    "dieses doch du durch ein eine einem einen einer eines er es für gibt haben habe hat hatte hier ich "
    "ihr im in "
    "ist ja jetzt kann man mein meine mich mir mit muss nach noch nun nur oder schon sehr sein seit sich "
    "sie sind "
    "so über um und uns unser unsere vom von vor war warum was wenn werden wie wieder wir wird wurde zu "
    "zum zur "
    # French
    "ai au aux avec avoir ce cela ces cette chez comme dans de depuis des deux du elle elles en encore "
    "est et eu "
    "faire fait il ils je la le les leur lors lui ma mais me même mes mon nos notre nous on ou où par "
    "peut plus "
    "pour quand que qui sa se ses si son sont sur ta tout toute tous très un une vos votre vous".split()
)
