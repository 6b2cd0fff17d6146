"""Phrases by which people open a new matter, ask, complain or refer back, in the languages read best.

Regular expressions for lower case and straight apostrophes. A line that begins with a space goes on with the
one before it.
"""

from __future__ import annotations

# At a sentence's start: says itself that another matter follows.
OPENS = r"""
(?:and |oh |ok |now |but )*(?:an?|one|my)?
 ?(?:other|another|more|second|third|next|last|different|separate|unrelated|new)
 (?:thing|question|issue|problem|point|request|topic|matter|bug|suggestion|wish|concern)s?
(?:on|in) an? (?:different|separate|another|unrelated|other|side) (?:note|topic|matter|subject)
separately|unrelated(?:ly)?|secondly|thirdly|fourthly|(?:second|third|fourth)[,:]|something else
different topic
while (?:i|we)(?:'m| am|'re| are) at it|(?:and )?(?:since|as) (?:i|we)(?:'m| am|'ve| have) (?:got )?you
(?:i|we)(?:'ve| have|'d| had)? ?(?:also |just )*(?:have |got )?(?:also )?(?:an|another|a|one)? ?(?:more
 |other |second |different |new |further |additional |separate
 )+(?:thing|question|issue|problem|request|suggestion|idea)
(?:issue|question|problem|bug|point|request|frage|punkt|problème|pregunta|problema|vraag|domanda) ?#?[2-9]
(?:und |ach |ach ja )*(?:dann )?noch (?:etwas|was|eine? (?:weitere |andere |zweite
 )?(?:frage|sache|bitte|anmerkung)|ein (?:weiteres |anderes )?(?:problem|punkt|wunsch|anliegen|thema))
(?:und )?(?:eine )?(?:weitere|andere|zweite|nächste) (?:frage|sache|bitte|anliegen|anmerkung)
(?:und )?(?:ein )?(?:weitere[sr]|andere[sr]|zweite[sr]) (?:problem|anliegen|thema|punkt|wunsch|fehler)
zweitens|drittens|viertens|etwas (?:ganz )?anderes|unabhängig davon|davon unabhängig|anderes thema
(?:wenn|wo) (?:ich|wir) (?:gerade |schon |schonmal )*dabei
(?:ich|wir) (?:habe|hätte|haben|hätten) (?:auch |außerdem |da |gleich )*noch (?:eine?n? )?(?:\w+
 )?(?:frage|bitte|problem|anliegen)
(?:et )?(?:une )?(?:autre|dernière|deuxième|seconde)
 (?:chose|question|demande|remarque|problème|point|sujet)
un (?:autre|deuxième|second) (?:problème|point|sujet)
(?:j'ai|nous avons) (?:aussi |également |encore )?une? autre
deuxièmement|troisièmement|sans rapport|rien à voir|dans un autre registre|(?:tant|pendant) que j'y suis
(?:y |tengo )?(?:una |la )?(?:otra|última|segunda) (?:cosa|pregunta|duda|consulta|petición|cuestión)
(?:y |tengo )?otro (?:problema|tema|asunto|punto|detalle)|en segundo lugar|(?:segundo|tercero)[,:]
cambiando de tema|ya que (?:estamos|estoy)
(?:e |tenho )?(?:uma |mais uma |a )?(?:outra|última|segunda) (?:coisa|questão|dúvida|pergunta|sugestão)
(?:e )?mais (?:uma (?:coisa|pergunta|dúvida)|um (?:problema|pedido))
(?:um )?outro (?:problema|assunto|ponto|pedido)
em segundo lugar|aproveitando|já que (?:estou|estamos)|mudando de assunto
(?:en |ik heb )?(?:nog )?(?:een )?(?:andere?|tweede) (?:vraag|ding|punt|probleem|kwestie|verzoek)
(?:en )?(?:dan )?nog (?:iets|wat|één ding|een (?:vraag|ding|punt|probleem|verzoek))|ten (?:tweede|derde)
los daarvan|iets (?:heel )?anders|nu ik toch bezig ben
(?:e |ho )?un'(?:altra|ultima) (?:cosa|domanda|richiesta|questione)|(?:e )?un altro (?:problema|punto|tema)
in secondo luogo|(?:secondo|terzo)[,:]|seconda (?:domanda|cosa|richiesta)|già che ci sono|visto che ci sono
cambiando argomento
"""
# Openings that a mere detail has too: "One more thing I noticed: …", "Second, I …".
VAGUE = r"""
thing|etwas|was|sache|chose|cosa|coisa|iets|wat|ding
second(?:ly)?|third(?:ly)?|fourth(?:ly)?|zweitens|drittens|viertens|deuxièmement|troisièmement
segundo|tercero|secondo|terzo|tweede|derde|lugar|luogo
"""
# At a sentence's start: adds something, a detail as likely as another matter.
ADDS = r"""
(?:and |oh |but |ps )*also|additionally|in addition|besides|furthermore|moreover|plus|lastly|finally
p\. ?s\.?|ps
by the way|btw|an? (?:good|nice|great|useful) (?:new )?(?:feature|addition|idea) would be|apart from that
other than that
(?:it|that) would also|(?:i|we)(?:'d| would) also|(?:i|we) also (?:need|want|wish|would|miss|have)
(?:could|can|would|will) (?:you|i|we) (?:please )?also|please also|is (?:it|there) also
außerdem|ausserdem|zudem|zusätzlich|weiterhin|darüber hinaus|ferner|des weiteren|nebenbei|übrigens|auch
(?:ich|wir) (?:hätte|möchte|würde|brauche)n? (?:auch|außerdem|zudem|noch)
(?:kann|können|könnt|könnten|kannst) (?:ich|man|wir|sie|du|ihr) (?:bitte )?(?:auch|noch)
es wäre (?:auch|außerdem|zudem)
par ailleurs|de plus|en outre|aussi|également|en plus|au passage
(?:pourriez|pouvez)-vous (?:aussi|également)|(?:je|nous) (?:voudr|souhait|aimer)\w+ (?:aussi|également)
j'aimerais (?:aussi|également)|il serait (?:aussi|également)
(?:y )?además|también|por otro lado|por otra parte|asimismo|de paso|por cierto|aparte de eso
(?:me|nos) gustaría también
além disso|também|por outro lado|aliás|a propósito|fora isso
daarnaast|verder|bovendien|ook|tevens|trouwens|(?:ik|we) zou(?:den)? ook
(?:e )?inoltre|anche|in più|poi[,:]|tra l'altro|a proposito|a parte questo
vorrei anche
"""
REQUESTS = r"""
(?:could|can|would|will|may) (?:you|we|i|one|someone|somebody|it be)|please
how (?:do|can|to|does|much|many|about|is|are|will)
(?:what|when|where|why|who) (?:is|are|do|does|did|can|can't|could|will|would|should|was|has|have)
is (?:it|there) (?:also |any |a |an )*(?:possible|way|option|plan|chance)|would (?:also )?(?:be|help|make)\b
(?:i|we)(?:'d| would)(?: also)? (?:like|love|appreciate|prefer)
(?:i|we)(?: also| really)? (?:need|want|wish|miss|request|suggest)
(?:new|feature) request|let (?:us|me) (?!know)|bring back
bitte|könnte?t?|können sie|kannst du|kann (?:ich|man)|können wir|möchten?|gibt es|ist es möglich
(?:wäre|würde)(?:n|t)?(?: es)?|(?:ich|wir) (?:brauche|wünsche)n?|wünschenswert|wie (?:kann|geht|lässt|komme)
pourriez|pouvez|peut-on|puis-je|serait|est-il|est-ce qu\w*|comment|merci de|veuillez
(?:je|nous) (?:voudr|souhait|aimer)\w+
j'aimerais|y a-t-il|possible d\w*
podrían?|pueden?|puedo|podemos|sería|es posible|cómo|por favor|quisiera|quisiéramos|gustaría
necesit(?:o|amos)|quiero
hay (?:alguna|forma|manera)
poderiam?|podem?|posso|podemos|seria|é possível|como (?:faço|posso|fazer|consigo)|gostar(?:ia|íamos)
precis(?:o|amos)|quero
há (?:alguma|como)|tem como
kunt u|kunnen (?:jullie|we)|kun je|kan (?:ik|het)|zou(?:den)?|graag|is het mogelijk|hoe (?:kan|moet)
al(?:stu|sje)blieft
(?:ik wil|we willen)
potreste|potete|può|possiamo|si può|sarebbe|è possibile|come (?:faccio|si)|per favore|vorrei|vorremmo
piacerebbe
(?:ho|abbiamo) bisogno|chied(?:o|iamo)
"""
PROBLEMS = r"""
(?:does|do|did|is|are|was|were|has|have|will|would|should)(?:n't| not)|can(?:'t|not| not)|won't|no longer
unable|never|fails?
failed|failing|broken|breaks?|crash\w*|errors?|bugs?|wrong|missing|slow|stops?|stopped|stuck|fre?ez\w*|froze
too \w+|drain\w*
no (?:\w+ )?(?:ability|option|way|support|possibility)|disappear\w*|empty|blank|loses?|lost|nothing|ignores?
drops?|doubled?|twice|declin\w*|denied|rejected|refused|pending|delayed|(?:over)?charged
nicht|keine?[nrs]?|fehl\w+|falsch\w*|stürzt|abgeschnitten|langsam|kaputt|hängt|leer
zu (?:klein|groß|laut|lang|teuer)\w*
ne \w+ (?:pas|plus)|n'\w+ (?:pas|plus)|erreurs?|bug|manque\w*|impossible|plante|trop
no
 (?:me|se|nos|puedo|podemos|funciona|llega|llegó|aparece|deja|hay|carga|abre|está|es|tengo|consigo|recib)\w*
falla\w*|error\w*|falta\w*|lent[oa]|demasiado|não|erro|falha\w*|trava\w*|errad[oa]
niet|geen|fout\w*|ontbreekt|traag|kapot
non (?:riesco|funziona|arriva|posso|trovo|si|mi|è|va|ho|vedo|ricevo|carica)\w*|errore|manca\w*|sbagliat\w+
troppo|blocca\w*
"""
# A clause that begins so goes on about what was said before.
REFERS_BACK = r"""
(?:it|this|that|these|those|they|the same|same|then|he|she|only)\b(?!'?s? ?(?:would|is possible))
(?:happens|passiert|tritt|ist|war|hat|funktioniert|geht) (?:das|dies\w*|es|er|sie)\b|das|dies\w*|dasselbe
der gleiche|dabei|dort
c'est|cela|ça|ce|il (?!serait|est possible|y)|elle|cette|même|esto|eso|me pasa|pasa|ocurre|sucede|lo mismo
la misma
isso|isto|(?:só |isso )?acontece|o mesmo|a mesma|dit|dat|hetzelfde|het gebeurt|questo|questa|succede|capita
lo stesso|la stessa
(?:i|we) (?:get|see|have|had) the same|if (?:not|so|yes|possible|needed|necessary|you)
in (?:any|this|that) case
(?:not|fails?|helpful|do(?:es)?(?:n't| not)|did(?:n't|
 not)|related|seems?|got|getting|forcing|trying|(?:re-?)?try\w*)\b
any (?:help|ideas?|hints?|thoughts?|chance|news|updates?)|(?:or|so|but|because|oder|aber|weil)\b
"""
OF_SELF = r"""
i|i'\w+|we|we'\w+|ich|wir|hab(?:e|en)|bin|sind|je|j'\w+|nous|he|hemos|estoy|eu|nós|já
re-?(?:install|start|boot|set)\w*|clear\w*|updat\w*|tried|trying
ik|wij|heb(?:ben)?|ho|abbiamo|io|noi|sono
"""
# What a request asks for that is no matter of its own: to be helped with the one before.
ABOUT_THE_SAME = r"""
(?:\S+ ){0,3}(?:this|it(?! cost| take)|that|these|them)\b|let (?:me|us) know|get back|reply|respond|advise
help(?: me| us)?\b|hurry|urgent|asap
(?:call|contact|phone|write|mail|tell|inform) (?:me|us)\b|find attached
see (?:the )?(?:attach|screenshot|below)\w*|feel free|do not hesitate|don't hesitate
(?:an? |any |your )*(?:\w+ )?(?:answer|reply|response|help|solution|update|feedback|workaround|fix|eta)\b
(?:\S+ ){0,3}(?:das|dies\w*|es|ihn|dringend)\b|(?:um )?(?:hilfe|rückmeldung|antwort|rückruf)
(?:\S+ ){0,3}(?:cela|ça)\b
(?:\S+ ){0,3}(?:esto|eso|isso|isto|dit|dat|questo)\b|m'aider|nous aider|ayuda\w*|ajuda\w*|helpen|aiut\w+
"""
# Words that stand for what was said before.
POINTS_BACK = r"""
this|that|these|those|it(?! be| possible)|they|them|such|das|dies\w*|es|cela|ça|eso|esto|isso|isto|dit|dat
questo|questa
"""
INVITES = r"""
(?:any|some)thing else|what else|other questions?|sonst noch|noch etwas|weitere fragen|autre chose
d'autres questions
algo más|otra cosa|mais alguma coisa|algo mais|(?:nog )?(?:iets|ergens) anders|altro
"""
ANNOUNCES = r"""
things|requests?|questions?|issues|problems|bugs|wishes|wish ?list|suggestions?|ideas|feedback|improvements?
remarks|complaints|concerns
wünsche|fragen|probleme|anliegen|vorschläge|fehler|punkte|bitten|anmerkungen|rückmeldung\w*
verbesserungsvorschläge
demandes|problèmes|remarques|suggestions|choses|idées|preguntas|problemas|sugerencias|cosas|peticiones|dudas
sugest(?:ões|ão)|perguntas|dúvidas|pedidos|coisas|vragen|problemen|verzoeken|suggesties|wensen|dingen|punten
domande|problemi|richieste|suggerimenti|cose|proposte
"""
ONE_MATTER = r"""
steps?|reproduc\w*|tried|trying|examples?|e\.g|such as|instance|affect\w*|environment|version|logs?
contain\w*|includ\w*|because
reasons?|what i (?:do|did)|here(?:'s| is) (?:what|how)|when i
following (?:browsers|devices|items|files|pages)|said|told|says
schritt\w*|nachstell\w*|reproduz\w*|versucht|probiert|beispiel\w*|z\. ?b|weil|gründe\w*|enthalten|folgt
étapes?|reproduire|essayé|exemples?|parce que|raisons?|ce que je|pasos|reproducir|probado|intentado
ejemplos?|porque|razones
passos|reproduzir|tentei|exemplos?|razões|stappen|geprobeerd|voorbeeld\w*|omdat|redenen|passi|passaggi
riprodurre|provato
esempi\w*|perché|motivi
"""
