"""Greetings, thanks, closings and nods: words that say nothing about the need, in the languages read best."""

from __future__ import annotations

import re

_GREETINGS = """
hi|hello|hey|hiya|howdy|morning|afternoon|evening
dear|greetings|good morning|good afternoon|good evening|good day|to whom it may concern
hallo|guten tag|guten morgen|guten abend|liebe|lieber|liebes|sehr geehrte|sehr geehrter|moin|servus|grüezi
bonjour|bonsoir|salut|coucou|cher|chère|chers|hola|buenos días|buenas tardes|buenas|estimado|estimada
estimados|olá|ola|oi|bom dia|boa tarde|boa noite|prezado|prezada|prezados|caro|cara|ciao|buongiorno|salve
gentile|beste|hoi|hej|god dag|cześć|dzień dobry|здравствуйте|привет|добрый день
こんにちは|お世話になっております|你好|您好
안녕하세요
"""
_THANKS = """
thanks|thank you|many thanks|thanks a lot|thanks so much|thank you so much|thank you very much|thanks again
thx|ty|thanks in advance|thank you in advance|cheers|much appreciated|danke|danke schön|danke sehr
vielen dank|besten dank|herzlichen dank|vielen dank im voraus|danke im voraus|danke euch|danke ihnen|merci
merci beaucoup|merci d'avance|merci bien|je vous remercie|gracias|muchas gracias|mil gracias
gracias de antemano|obrigado|obrigada|muito obrigado|muito obrigada|grazie|grazie mille|bedankt|dank je
dank u|tack|dziękuję|спасибо|谢谢|ありがとうございます
"""
_CLOSINGS = """
regards|best regards|kind regards|warm regards|kindest regards|best|best wishes|all the best|sincerely|yours
yours sincerely|yours faithfully|yours truly|respectfully|take care|have a nice day|have a good day
have a great day|mit freundlichen grüßen|mit freundlichen gruessen|mit besten grüßen|freundliche grüße
viele grüße|beste grüße|liebe grüße|herzliche grüße|schöne grüße|viele gruesse|grüße|gruß|mfg|lg|vg|bis bald
schönen tag|schönen tag noch|cordialement|bien cordialement|bien à vous|bonne journée|bonne soirée
salutations|saludos|un saludo|saludos cordiales|un cordial saludo|atentamente|un abrazo|atenciosamente|att
abraço|abraços|cumprimentos|com os melhores cumprimentos|cordialmente|cordiali saluti|distinti saluti
met vriendelijke groet|groeten|mvg|med vänliga hälsningar|mvh|pozdrawiam|с уважением|よろしくお願いします
敬具
"""
_NODS = """
ok|okay|k|yes|yep|yeah|no|nope|sure|great|perfect|awesome|cool|nice|done|got it|fine|sounds good|will do
please|bye|that works|it works|it works now|works now|solved|test|testing|me too|same here|quick question
i have a question|i have a quick question|can you help|can you help me|could you help me|can someone help me
please help|are you there|anyone there|is anyone there|how are you|ok thanks|ok thank you|ja|nein|super|klar
alles klar|passt|bitte|tschüss|ich habe eine frage|können sie mir helfen|kannst du mir helfen|oui|non
d'accord|parfait|j'ai une question|sí|si|vale|perfecto|tengo una pregunta|sim|não|certo|perfeito
tenho uma dúvida|tenho uma pergunta|va bene|好的|はい
"""
_ADDRESSED = frozenset(
    "team there all support everyone everybody folks guys friends sir madam or and zusammen alle liebes "
    "damen herren und à tous toutes equipo a todos equipe pessoal soporte suporte both again y et e".split()
)
_WISHES = re.compile(
    r"(?:i )?hope (?:you|this|all|everyone)\b|(?:ich )?hoffe,? (?:es geht|ihnen|euch)\b|j'espère que vous"
)
_FOR = re.compile(r"\s(?:for|für|pour|por|pela|pelo|per|voor)\s(?!.*\b(?:but|aber|mais|pero|mas|however)\b)")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_INLINE_GREETING = re.compile(r"(.{1,60}?)\s?[,!:.，！、。–—-]+\s*(?=\S)")
_LONGEST = 120
_MOST_WORDS = 5  # of a phrase that names follow


def _alternatives(phrases: str) -> frozenset[str]:
    return frozenset(_plain(phrase) for line in phrases.strip().splitlines() for phrase in line.split("|"))


def _plain(words: str) -> str:
    """Return the words in lower case, one space between; Swiss spelling and apostrophes made one."""
    return " ".join(_WORD.findall(words)).lower().replace("’", "'").replace("ß", "ss")


_GREETING = _alternatives(_GREETINGS)
_THANK = _alternatives(_THANKS)
_CLOSING = _alternatives(_CLOSINGS)
_SAYS_NOTHING = _GREETING | _THANK | _CLOSING | _alternatives(_NODS)


def is_courtesy(sentence: str) -> bool:
    """Return whether the sentence is only polite, only a nod, or has no words at all."""
    if len(sentence) > _LONGEST:
        return False
    plain = _plain(sentence)
    if not plain or plain in _SAYS_NOTHING or _WISHES.match(plain):
        return True
    return is_greeting(sentence) or is_closing(sentence) or _is_list_of_courtesies(sentence)


def is_greeting(line: str) -> bool:
    """Return whether the line only greets: "Hi team", "Sehr geehrte Frau Weber"."""
    return _is_phrase_and_names(line, _GREETING, most_names=4)


def is_closing(line: str) -> bool:
    """Return whether the line only thanks or takes leave, perhaps with a name: "Viele Grüße, Jana"."""
    if _is_phrase_and_names(line, _CLOSING | _THANK, most_names=3):
        return True
    thanks = _FOR.split(line.lower(), maxsplit=1) if len(line) <= _LONGEST else []
    return len(thanks) == 2 and thanks[0] in _THANK and "?" not in line and len(thanks[1].split()) <= 8


def greeting_length(text: str) -> int:
    """Return how many characters of text are a greeting before the sentence: 9 for "Hi team, the …"."""
    start = _INLINE_GREETING.match(text[:_LONGEST])
    return start.end() if start and is_greeting(start[1]) else 0


def _is_list_of_courtesies(sentence: str) -> bool:
    parts = re.split(r"[,!.;]+\s*", sentence)
    return len(parts) > 1 and all(not (plain := _plain(part)) or plain in _SAYS_NOTHING for part in parts)


def _is_phrase_and_names(line: str, phrases: frozenset[str], most_names: int) -> bool:
    """Whether the line is one of the phrases, then nothing but names or people addressed."""
    words = _WORD.findall(line) if len(line) <= _LONGEST else []
    if len(words) > _MOST_WORDS + most_names:
        return False
    plain = [_plain(word) for word in words]
    for count in range(min(_MOST_WORDS, len(words)), 0, -1):
        if " ".join(plain[:count]) in phrases:
            names = words[count:]
            return len(names) <= most_names and all(
                word[0].isupper() or word.lower() in _ADDRESSED for word in names
            )
    return False
