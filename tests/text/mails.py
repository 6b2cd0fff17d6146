# ruff: noqa: E501 - bodies stand as they are sent
"""E-mails as mail programs send them, each with the words that are the writer's own and new."""

from __future__ import annotations

from typing import NamedTuple

from bot.domain.feedback import Markup

ASK = "The export drops the last row since Tuesday."


class Mail(NamedTuple):
    """One body. new: what is left of it once cleaned."""

    name: str
    original: str
    new: str = ASK
    markup: Markup = Markup.PLAIN


def _html(name: str, original: str, new: str = ASK) -> Mail:
    return Mail(name, original, new, Markup.HTML)


MAILS = [
    Mail("nothing to drop", f"Hi team,\n\n{ASK}", f"Hi team,\n\n{ASK}"),
    Mail(
        "Gmail plain",
        f"{ASK}\n\nOn Mon, Nov 16, 2026 at 9:12 AM Acme Support <help@acme.example> wrote:\n\n> Hello Ada,\n> how can we help?\n",
    ),
    Mail(
        "Gmail plain, wrapped",
        f"{ASK}\n\nOn Mon, Nov 16, 2026 at 9:12 AM Acme Customer Support <\nhelp@acme.example> wrote:\n\n> Hello Ada,\n> how can we help?\n",
    ),
    Mail(
        "Gmail, quoted without marks",
        f"{ASK}\n\nOn Mon, Nov 16, 2026 at 9:12 AM Acme Support <help@acme.example> wrote:\n\nHello Ada,\nhow can we help?\n",
    ),
    Mail(
        "Apple Mail",
        f"{ASK}\n\n> On 16 Nov 2026, at 09:12, Acme Support <help@acme.example> wrote:\n> \n> Hello Ada,\n",
    ),
    Mail(
        "Outlook headers",
        f"{ASK}\n\nFrom: Acme Support <help@acme.example>\nSent: Monday, 16 November 2026 09:12\nTo: Ada\nSubject: Re: Export\n\nHello Ada",
    ),
    Mail(
        "Outlook headers under a line",
        f"{ASK}\n\n________________________________\nFrom: Acme Support\nSent: Monday, 16 November 2026 09:12\nTo: Ada\nSubject: Re: Export\n\nHello Ada",
    ),
    Mail(
        "Outlook bold headers",
        f"{ASK}\n\n*From:* Acme Support\n*Sent:* Monday, 16 November 2026 09:12\n*To:* Ada\n\nHello Ada",
    ),
    Mail("old Outlook", f"{ASK}\n\n-----Original Message-----\nFrom: Acme Support\nHello Ada"),
    Mail(
        "German Gmail",
        f"{ASK}\n\nAm Mo., 16. Nov. 2026 um 09:12 Uhr schrieb Acme Support <help@acme.example>:\n\n> Hallo Ada,\n",
    ),
    Mail(
        "German Thunderbird",
        f"{ASK}\n\nAm 16.11.26 um 09:12 schrieb Acme Support:\n> Hallo Ada,\n> wie können wir helfen?",
    ),
    Mail(
        "German Outlook",
        f"{ASK}\n\nVon: Acme Support <help@acme.example>\nGesendet: Montag, 16. November 2026 09:12\nAn: Ada\nBetreff: AW: Export\n\nHallo Ada",
    ),
    Mail(
        "French Gmail",
        f"{ASK}\n\nLe lun. 16 nov. 2026 à 09:12, Acme Support <help@acme.example> a écrit :\n\n> Bonjour Ada,\n",
    ),
    Mail(
        "French Outlook",
        f"{ASK}\n\nDe : Acme Support <help@acme.example>\nEnvoyé : lundi 16 novembre 2026 09:12\nÀ : Ada\nObjet : RE: Export\n\nBonjour",
    ),
    Mail(
        "Spanish Gmail",
        f"{ASK}\n\nEl lun, 16 nov 2026 a las 9:12, Acme Support (<help@acme.example>) escribió:\n\n> Hola Ada,\n",
    ),
    Mail(
        "Spanish Outlook",
        f"{ASK}\n\nDe: Acme Support\nEnviado el: lunes, 16 de noviembre de 2026 9:12\nPara: Ada\nAsunto: RE: Export\n\nHola",
    ),
    Mail(
        "Portuguese Gmail",
        f"{ASK}\n\nEm seg., 16 de nov. de 2026 às 09:12, Acme Support <help@acme.example> escreveu:\n\n> Olá Ada,\n",
    ),
    Mail(
        "Portuguese Outlook",
        f"{ASK}\n\nDe: Acme Support\nEnviado: segunda-feira, 16 de novembro de 2026 09:12\nPara: Ada\nAssunto: RE: Export\n\nOlá",
    ),
    Mail(
        "Italian Gmail",
        f"{ASK}\n\nIl giorno lun 16 nov 2026 alle ore 09:12 Acme Support <help@acme.example> ha scritto:\n\n> Ciao Ada,\n",
    ),
    Mail(
        "Dutch Gmail",
        f"{ASK}\n\nOp ma 16 nov 2026 om 09:12 schreef Acme Support <help@acme.example>:\n\n> Hallo Ada,\n",
    ),
    Mail(
        "Japanese Gmail",
        f"{ASK}\n\n2026年11月16日(月) 9:12 Acme Support <help@acme.example>:\n\n> こんにちは\n",
    ),
    Mail(
        "answers between",
        "On Mon, Nov 16, 2026 at 9:12 AM Acme <help@acme.example> wrote:\n> Which browser?\nFirefox 140.\n> Since when?\nSince Tuesday.",
        "Firefox 140.\n\nSince Tuesday.",
    ),
    Mail(
        "answer below",
        "On Mon, Nov 16, 2026 at 9:12 AM Acme <help@acme.example> wrote:\n> Which browser?\n> Since when?\n\nFirefox 140, since Tuesday.",
        "Firefox 140, since Tuesday.",
    ),
    Mail(
        "Zendesk's line",
        f"{ASK}\n\n##- Please type your reply above this line -##\n\nYour request has been updated.",
    ),
    Mail(
        "Zendesk's line in German",
        f"{ASK}\n\n##- Bitte geben Sie Ihre Antwort über dieser Zeile ein. -##\n\nIhre Anfrage",
    ),
    Mail("another tool's line", f"{ASK}\n\n--- Reply above this line ---\n\nAcme wrote back"),
    Mail(
        "forwarded with words above",
        f"{ASK}\n\n---------- Forwarded message ---------\nFrom: Bob <bob@corp.example>\nDate: Mon, 16 Nov 2026\n\nOld words",
    ),
    Mail(
        "forwarded alone",
        "---------- Forwarded message ---------\nFrom: Bob <bob@corp.example>\nDate: Mon\nSubject: x\n\nThe chart is empty.",
        "---------- Forwarded message ---------\nFrom: Bob <bob@corp.example>\nDate: Mon\nSubject: x\n\nThe chart is empty.",
    ),
    Mail("standard signature", f"{ASK}\n\n-- \nAda Byron\nHead of Data, Corp Inc.\n+44 20 7946 0958"),
    Mail("closing and name", f"{ASK}\n\nBest regards,\nAda"),
    Mail(
        "closing, name, company",
        f"{ASK}\n\nKind regards\n\nAda Byron\nHead of Data | Corp Inc.\n12 Long Street, London\nwww.corp.example",
    ),
    Mail("German closing", f"{ASK}\n\nMit freundlichen Grüßen\nJana Weber\nLeitung Einkauf"),
    Mail("German short closing", f"{ASK}\n\nVG Jana"),
    Mail("French closing", f"{ASK}\n\nBien cordialement,\nLuc Martin"),
    Mail("Spanish closing", f"{ASK}\n\nUn saludo,\nMaría"),
    Mail("Portuguese closing", f"{ASK}\n\nAtenciosamente,\nJoão Silva"),
    Mail("thanks as closing", f"{ASK}\n\nThanks,\nAda"),
    Mail("two closings", f"{ASK}\n\nThanks in advance!\n\nBest,\nAda\n\nSent from my iPhone"),
    Mail("iPhone", f"{ASK}\n\nSent from my iPhone"),
    Mail("German iPhone", f"{ASK}\n\nVon meinem iPhone gesendet"),
    Mail("French iPhone", f"{ASK}\n\nEnvoyé de mon iPhone"),
    Mail("Spanish iPhone", f"{ASK}\n\nEnviado desde mi iPhone"),
    Mail("Portuguese iPhone", f"{ASK}\n\nEnviado do meu iPhone"),
    Mail("Outlook for iOS", f"{ASK}\n\nGet Outlook for iOS<https://aka.ms/o0ukef>"),
    Mail(
        "Android, then quoted",
        f"{ASK}\n\nSent from my Galaxy\n\n-------- Original message --------\nFrom: Acme\nDate: 16/11/2026 09:12 (GMT+00:00)\nHello",
    ),
    Mail(
        "confidential",
        f"{ASK}\n\nRegards,\nAda\n\nThis e-mail and its attachments are confidential and intended solely for the addressee. If you are not that person, delete it.",
    ),
    Mail("name alone", f"{ASK}\n\nAda Byron\n\nPayroll\n\nCorp Facilities Group"),
    Mail("name and company alone", f"{ASK}\n\nAda\nO'Byron Fire & Alarm"),
    Mail(
        "thanks, then the need",
        "Hi Bob\n\nThanks for the reply!\n\nStill broken on my phone",
        "Hi Bob\n\nThanks for the reply!\n\nStill broken on my phone",
    ),
    Mail("a list of words stays", "It happens in:\n\nFirefox\nChrome", "It happens in:\n\nFirefox\nChrome"),
    Mail("Swiss closing", f"{ASK}\n\nFreundliche Grüsse\nReto Gasser"),
    Mail(
        "postscript stays",
        f"{ASK}\n\nThanks,\nAda\n\nPS: The import is slow as well.",
        f"{ASK}\n\nThanks,\nAda\n\nPS: The import is slow as well.",
    ),
    Mail(
        "list after a line stays",
        "Two wishes:\n--\n- dark mode\n- a faster search",
        "Two wishes:\n--\n- dark mode\n- a faster search",
    ),
    Mail("sentence after thanks stays", f"Thanks!\n{ASK}", f"Thanks!\n{ASK}"),
    Mail(
        "numbers after > stay",
        "We have\n> 500 rows in it\nand it stops.",
        "We have\n> 500 rows in it\nand it stops.",
    ),
    Mail(
        "From: in a sentence stays",
        "From: field is empty in the exported mail.\nIt used to be filled.",
        "From: field is empty in the exported mail.\nIt used to be filled.",
    ),
    Mail(
        "wrote in a sentence stays",
        "On 3 May I wrote:\nthe export drops rows. It still does.",
        "On 3 May I wrote:\nthe export drops rows. It still does.",
    ),
    Mail("only a quote", "> The chart is empty.", "> The chart is empty."),
    Mail("only a signature", "Best regards,\nAda", "Best regards,\nAda"),
    _html(
        "Gmail HTML",
        f'<div dir="ltr">{ASK}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">On Mon, Nov 16, 2026 at 9:12 AM Acme &lt;<a href="mailto:help@acme.example">help@acme.example</a>&gt; wrote:<br></div><blockquote class="gmail_quote" style="margin:0">Hello Ada<div>how</div></blockquote></div>',
    ),
    _html(
        "Gmail HTML, answers between",
        '<div class="gmail_quote"><div class="gmail_attr">On Mon wrote:</div><blockquote class="gmail_quote">Which browser?</blockquote><div>Firefox 140.</div><blockquote class="gmail_quote">Since when?</blockquote><div>Since Tuesday.</div></div>',
        "Firefox 140.\n\nSince Tuesday.",
    ),
    _html(
        "Gmail signature",
        f'<div>{ASK}<br clear="all"><br>-- <br><div class="gmail_signature" data-smartmail="gmail_signature">Ada Byron<br>Corp</div></div>',
    ),
    _html(
        "Apple Mail HTML",
        f'<html><body>{ASK}<div><br><blockquote type="cite"><div>On 16 Nov 2026, at 09:12, Acme &lt;help@acme.example&gt; wrote:</div><br><div>Hello</div></blockquote></div></body></html>',
    ),
    _html(
        "Apple Mail HTML, answer below",
        '<body><div>On 16 Nov 2026, at 09:12, Acme &lt;help@acme.example&gt; wrote:</div><blockquote type="cite">Which?</blockquote><div>Firefox 140, since Tuesday.</div></body>',
        "Firefox 140, since Tuesday.",
    ),
    _html(
        "Outlook web",
        f'<div>{ASK}</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg" dir="ltr"><font><b>Od:</b> Acme<br><b>Wysłano:</b> 16.11.2026</font></div><div>Hello Ada</div>',
    ),
    _html(
        "Outlook desktop",
        f'<div class=WordSection1><p class=MsoNormal>{ASK}<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"><p class=MsoNormal><b>From:</b> Acme<br><b>Sent:</b> Monday<br><b>To:</b> Ada<br><b>Subject:</b> RE: x</p></div><p>Hello Ada</p></div>',
    ),
    _html(
        "Thunderbird HTML",
        f'<p>{ASK}</p><div class="moz-cite-prefix">Am 16.11.26 um 09:12 schrieb Acme:</div><blockquote type="cite" cite="mid:1">Hallo</blockquote><div class="moz-signature">-- <br>Jana</div>',
    ),
    _html(
        "Yahoo",
        f'<div>{ASK}</div><div id="yahoo_quoted_1" class="yahoo_quoted"><div>On Monday, Acme wrote:</div><div>Hello</div></div>',
    ),
    _html(
        "Proton",
        f'<div>{ASK}</div><div class="protonmail_signature_block">Sent with Proton Mail</div><div class="protonmail_quote">On Monday Acme wrote:<blockquote class="protonmail_quote" type="cite">Hello</blockquote></div>',
    ),
    _html(
        "hidden and tracking parts",
        f'<html><head><title>Re</title><style>p {{color:red}}</style></head><body><div style="display: none; max-height:0">Preview words</div><p hidden>no</p><p>{ASK}</p><img src="https://t.example/o.gif" width=1 height=1 alt="pixel"><script>var a = "</p>";</script><!-- a > b --></body></html>',
    ),
    _html("only quoted", "<blockquote type=cite>The chart is empty.</blockquote>", "The chart is empty."),
    _html(
        "entities and spaces",
        "<p>Costs&nbsp;&lt;b&gt; &amp;amp; &#8364;5&#8203;0</p>  <p>next\nline</p>",
        "Costs <b> &amp; €50\n\nnext line",
    ),
    _html(
        "lists, tables, code",
        "<ul><li>one<li>t<b>w</b>o</ul><table><tr><td>a<td>b</tr><tr><td>c</table><pre>x = 1\n  y</pre>",
        "one\ntwo\n\na b\nc\n\nx = 1\ny",
    ),
]
