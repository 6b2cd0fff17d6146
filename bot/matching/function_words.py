"""Words that hold a sentence together and tell nothing of the matter, in the languages read best."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bot.matching.words import STOP_WORDS, folded

# English ones that matching compares all the same.
ADVERBS = frozenset(
    "able actually ago already always another anyone anything anyway around away because become been before "
    "being between both certain certainly currently each either else etc even ever every everyone everything "
    "few finally frequently here however immediately instead kind let likely lot lots many may maybe might "
    "mine more most much must myself never next nothing often ok okay once other others over own perhaps "
    "possible probably rather really recently same several shall should since somehow someone something "
    "sometimes soon still such thing things though through till together under until upon via while whole "
    "within without yes yet".split()
)
_DE = """
ab aber alle allem allen aller alles als also am an andere anderen anderer anderes auch auf aus bei beim
bereits bin bis bist bitte da dabei dadurch dafür dagegen daher dahin damit danach dann daran darauf daraus
darf darin darum darunter das dass davon davor dazu dein deine dem den denen denn der deren des deshalb
dessen dich die dies diese diesem diesen dieser dieses dir doch dort du durch dürfen eben ebenso ein eine
einem einen einer eines einige einmal er erst es etwa etwas euch euer eure für ganz gar gegen gehabt gewesen
gibt hab habe haben hast hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im
immer in ins irgendwie ist ja je jede jedem jeden jeder jedes jedoch jemand jetzt kann kannst kein keine
keinem keinen keiner können könnte könnten leider mache machen mal man mehr mein meine meinem meinen meiner
meist mich mir mit möchte möchten muss müssen musste nach nachdem neben nein nicht nichts nie noch nun nur
ob obwohl oder ohne schon sehr sei sein seine seinem seinen seiner seit selbst sich sie sind so sobald
solche soll sollen sollte somit sondern sonst soweit statt trotz trotzdem über überhaupt um und uns unser
unsere unter usw viel viele vielen vielleicht vom von vor während wann war waren warum was weder wegen weil
weiter weitere welche welcher welches wem wen wenig wenn wer werde werden wie wieder wieso will wir wird
wirklich wo wobei wodurch wollen wollte worden wurde wurden würde würden zu zum zur zwar zwischen
"""
_FR = """
a afin ai aie ainsi alors après as assez au aucun aucune aussi autre autres aux avait avant avec avez avoir
avons bien c'est car ce ceci cela celle celles celui ces cet cette ceux chaque chez ci comme comment d'un
d'une dans de depuis des donc dont du elle elles en encore entre es est et étaient étais était été être eu
eux fait faire fais faut il ils j'ai je jusqu'à l'on la là le les leur leurs lors lorsque lui ma mais me
même mêmes mes moi moins mon n'a n'ai n'est ne ni nos notre nous on ont ou où par parce pas pendant peu peut
peux plus plusieurs plutôt pour pourquoi puis puisque qu'elle qu'il qu'on quand que quel quelle quelles
quelque quelques quels qui quoi rien s'est s'il sa sans se sera serait ses seulement si sinon soit son sont
sous suis sur ta tant te tes toi ton toujours tous tout toute toutes très trop tu un une va vais vers voici
voilà vos votre vous vraiment y
"""
_ES = """
a además ahí ahora al algo alguien algún alguna algunas alguno algunos allí ante antes aquí así aún aunque
bajo bien cada casi como cómo con contra cual cuál cuales cualquier cuando cuándo de del desde después donde
dónde dos durante e el él ella ellas ello ellos en entonces entre era eran es esa esas ese eso esos está
están estar estas este esto estos estoy fue fueron ha haber había hace hacer hacia han has hasta hay he la
las le les lo los luego más me menos mi mientras mis misma mismo mucha muchas mucho muchos muy nada ni
ningún ninguna no nos nosotros nuestra nuestro nunca o os otra otras otro otros para pero poco por porque
pues puede pueden puedo que qué quien quién se sea según ser si sí sido siempre sin sino sobre solo sólo son
soy su sus tal también tampoco tan tanto te tener tengo ti tiene tienen toda todas todavía todo todos tras
tu tú tus un una unas uno unos va vez voy y ya yo
"""
_PT = """
a agora ainda além algo alguém algum alguma algumas alguns ali ante antes ao aos apenas após aquela aquele
aqui aquilo as às assim até bem cada com como contra contudo cujo da daquele das de dela dele deles depois
desde dessa desse desta deste do dos durante e é ela elas ele eles em enquanto então entre era eram essa
essas esse esses esta está estão estar estas estava este estes estou eu faz fazer foi foram há isso isto já
lá lhe lhes logo mais mas me mesma mesmo meu meus minha minhas muita muitas muito muitos na nada não nas nem
nenhum nenhuma nessa nesse nesta neste no nos nós nossa nosso num numa nunca o onde os ou outra outras outro
outros para pela pelas pelo pelos per perante pode podem pois por porém porque posso pouco pra qual quais
qualquer quando quanto que quem são se seja sem sempre sendo ser será seu seus sim só sob sobre sua suas
também tão tem têm tenho ter teu teve tinha toda todas todo todos tu tudo um uma umas uns vai você vocês vos
vou
"""
_IT = """
a abbiamo adesso agli ai al alla alle allo allora altra altre altri altro anche ancora anzi appena avere
aveva c'è che chi ci ciò cioè coi col come comunque con contro cosa così cui da dagli dai dal dalla dalle
dallo davvero degli dei del dell della delle dello dentro di dopo dove due dunque durante e è ecco ed era
erano essere fa fare fino fra già gli ha hai hanno ho i il in infatti invece io l'ho la là le lei li lo loro
lui ma mai me meno mentre mi mia mie miei mio molta molte molti molto ne né negli nei nel nell nella nelle
nello nessun nessuna niente no noi non nostra nostro nulla o ogni oppure ora per perché perciò però più poco
poi poiché possibile posso prima proprio può pure qualche qualcosa qualcuno quale quali quando quanto quasi
quella quelle quelli quello questa queste questi questo qui quindi sarà se sei sempre senza si sì sia siamo
siete solo sono sopra sotto sta stata stato stesso sto su sua subito sugli sui sul sulla sulle suo suoi tra
troppo tu tua tuo tutta tutte tutti tutto un un'altra una uno va vi voi vostra vostro
"""
_NL = """
aan achter al alle alleen alles als altijd ander andere anders ben bent bij bijna daar daarna daarom dan dat
de deze die dit doch doe doen doet door dus echt echter een eens er erg even geen geweest haar had hadden
heb hebben hebt heeft heel hem hen het hier hij hoe hun iemand iets ik in is ja je jij jou jouw jullie kan
kon kunnen kunt maar mag me meer meest men met mij mijn misschien moet moeten mogen na naar nee niet niets
nog nooit nu of om omdat onder ons onze ook op over pas sinds soms steeds te tegen terwijl toch toen tot
tussen u uit uw vaak van vanaf vanuit veel voor voordat waar waarom wanneer want waren was wat we weer wel
welke werd werden wie wij wil wilde word worden wordt zal ze zeer zelf zich zij zijn zo zoals zonder zou
zouden
"""


def _listed(words: str) -> frozenset[str]:
    """Return the words as matching has them: folded, without apostrophes."""
    return frozenset(folded(words).replace("'", "").split())


_OF: Mapping[str, frozenset[str]] = {
    "en": STOP_WORDS | ADVERBS,
    "de": _listed(_DE),
    "fr": _listed(_FR),
    "es": _listed(_ES),
    "pt": _listed(_PT),
    "it": _listed(_IT),
    "nl": _listed(_NL),
}


def function_words(words: Collection[str]) -> frozenset[str]:
    """Return those of the words, folded, that tell nothing in the language that has most such words of them.

    On a tie in any of the languages. So "die" and "van" are words like any other in an English text.
    """
    given = frozenset(words)
    found = [given & own for own in _OF.values()]
    most = max(map(len, found))
    return frozenset().union(*(own for own in found if len(own) == most))
