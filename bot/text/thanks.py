"""Whether somebody says thank you for something that works, in the languages read best."""

from __future__ import annotations

import re

_THANKS = re.compile(
    r"\b(?:thanks|thank you|thx|kudos|cheers|danke|dankeschön|merci|gracias|obrigad[oa]|grazie)\b",
    re.IGNORECASE,
)
_GLAD = re.compile(
    r"\b(?:works|working|fixed|love\w*|great|awesome|amazing|perfect\w*|fantastic|brilliant|happy|glad"
    r"|saves?|finally|klappt|funktioniert|läuft|toll\w*|super|prima|perfekt\w*|endlich|großartig\w*|freu\w*"
    r"|marche|fonctionne|parfait\w*|génial\w*|enfin|ravi\w*|funciona|perfecto|genial|por fin|funziona"
    r"|finalmente|ottimo)\b",
    re.IGNORECASE,
)
_DOUBT = re.compile(
    r"\?|n['’]t\b|\b(?:not|no|but|however|still|nothing|aber|nicht|kein\w*|noch|leider|mais|pas|ne|pero"
    r"|aún|ma|non|unless|if|wenn|si)\b",
    re.IGNORECASE,
)


def gives_thanks(words: str) -> bool:
    """Return whether the words thank for something that is good now: rather missed than wrong."""
    return bool(_THANKS.search(words) and _GLAD.search(words)) and not _DOUBT.search(words)
