"""E-mails as programs really write them: whole, broken, forwarded, automatic, hostile."""

from __future__ import annotations

import base64
import io
from datetime import UTC, datetime
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from PIL import Image

from models.errors import DocumentRefused
from models.reading import EmailHeaders
from ocr.documents import FileKind, Limits
from pipelines.opening import Opened, open_file
from pipelines.opening.charsets import decoded
from pipelines.opening.html import text_of_html


def opened(raw: bytes | str, limits: Limits | None = None) -> Opened:
    content = raw.encode() if isinstance(raw, str) else raw
    return open_file("message.eml", content.replace(b"\n", b"\r\n"), limits or Limits())


def headers(lines: str) -> EmailHeaders:
    found = opened(f"{lines}\nX-Test: 1\n\nBonjour").email
    assert found is not None
    return found


def picture(width: int, height: int, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("L", (width, height), 200).save(out, kind)
    return out.getvalue()


def message(body: str = "Bonjour, voici.", html: str | None = None, **header: str) -> EmailMessage:
    made = EmailMessage()
    made["From"] = header.pop("From", "Jeanne Martel <j.martel@mail.example>")
    made["Subject"] = header.pop("Subject", "Dossier")
    for name, value in header.items():
        made[name.replace("_", "-")] = value
    made.set_content(body)
    if html is not None:
        made.add_alternative(html, subtype="html")
    return made


# -- headers


@pytest.mark.parametrize(
    ("line", "name", "address"),
    [
        ("From: Jeanne Martel <J.Martel@Mail.example>", "Jeanne Martel", "j.martel@mail.example"),
        ('From: "Martel, Jeanne" <j@mail.example>', "Martel, Jeanne", "j@mail.example"),
        ("From: =?utf-8?q?H=C3=A9l=C3=A8ne?= <h@mail.example>", "Hélène", "h@mail.example"),
        ("From: =?iso-8859-1?Q?Ren=E9e?= =?iso-8859-1?Q?_Petit?= <r@mail.example>", "Renée Petit", "r@mail.example"),
        ("From: =?utf-8?b?SMOpbMOobmU=?=\n <h@mail.example>", "Hélène", "h@mail.example"),
        ("From: j@mail.example", "", "j@mail.example"),
        ('From: "trap@other.example" <j@mail.example>', "trap@other.example", "j@mail.example"),
        ("From: Hélène <h@mail.example>", "Hélène", "h@mail.example"),  # raw UTF-8, not allowed but seen
        ("From: =?utf-8?q?broken <h@mail.example>", "=?utf-8?q?broken", "h@mail.example"),
        ("From: =?no-such-charset?q?Ren=E9?= <r@mail.example>", "René", "r@mail.example"),
        ("From: undisclosed\nReply-To: r@mail.example", "", "r@mail.example"),
        ("From: (", "(", ""),
        ("From: <>", "<>", ""),
    ],
)
def test_the_sender_is_found_however_the_header_is_written(line: str, name: str, address: str) -> None:
    found = headers(f"{line}\nSubject: x")
    assert (found.sender_name, found.sender_address) == (name, address)


@pytest.mark.parametrize(
    ("line", "moment"),
    [
        ("Date: Tue, 3 Mar 2026 10:15:00 +0100", datetime(2026, 3, 3, 9, 15, tzinfo=UTC)),
        ("Date: 3 Mar 2026 10:15 GMT", datetime(2026, 3, 3, 10, 15, tzinfo=UTC)),
        ("Date: mardi 3 mars", None),
        ("Date: Tue, 99 Mar 2026 10:15:00 +0100", None),
        ("", None),
    ],
)
def test_the_date_is_read_or_left_open(line: str, moment: datetime | None) -> None:
    assert headers(f"From: a@b.example\nSubject: x\n{line}".rstrip()).sent_at == moment


@pytest.mark.parametrize(
    ("lines", "automatic"),
    [
        ("Subject: Dossier 12", False),
        ("Subject: x\nAuto-Submitted: no", False),
        ("Subject: x\nList-Unsubscribe: <https://x.example>", False),
        ("Subject: x\nAuto-Submitted: auto-replied", True),
        ("Subject: x\nX-Autoreply: yes", True),
        ("Subject: x\nPrecedence: auto_reply", True),
        ("Subject: x\nReturn-Path: <>", True),
        ("Subject: Réponse automatique : Dossier", True),
        ("Subject: =?utf-8?q?R=C3=A9ponse_automatique?=", True),
        ("Subject: Absence du bureau", True),
        ("Subject: Lu : votre courrier", True),
        ("Subject: Lubrifiant facturé deux fois", False),
    ],
)
def test_what_a_machine_sent_is_told(lines: str, automatic: bool) -> None:
    assert headers(f"From: a@b.example\n{lines}").automatic is automatic


def test_what_our_own_server_found_of_the_sender_is_kept_as_written() -> None:
    found = headers(
        "From: a@b.example\nSubject: x\nAuthentication-Results: mx.agency.example;\n dkim=pass; dmarc=fail\n"
        "Authentication-Results: forged.example; dmarc=pass"
    )
    assert found.authentication == "mx.agency.example; dkim=pass; dmarc=fail"


# -- charsets


@pytest.mark.parametrize(
    ("content", "charset", "text"),
    [
        ("Réglé à 100 €".encode(), "utf-8", "Réglé à 100 €"),
        ("Réglé à 100 €".encode("cp1252"), "windows-1252", "Réglé à 100 €"),
        ("Réglé à 100 €".encode("cp1252"), "iso-8859-1", "Réglé à 100 €"),
        ("Réglé à 100 €".encode("iso8859-15"), "iso-8859-15", "Réglé à 100 €"),
        ("Réglé".encode(), "iso-8859-1", "Réglé"),
        ("Réglé".encode("cp1252"), "utf-8", "Réglé"),
        ("Réglé".encode("cp1252"), None, "Réglé"),
        ("Réglé".encode(), "no-such-charset", "Réglé"),
        ("Réglé".encode("cp1252"), "hex", "Réglé"),
        ("Réglé".encode("utf-16"), None, "Réglé"),
        ("Réglé".encode("utf-7"), "utf-7", "Réglé"),
        ("Réglé, déjà réglé".encode().decode("cp1252").encode(), "utf-8", "Réglé, déjà réglé"),
        ("\ufeffRéglé".encode(), "utf-8", "Réglé"),
        ("領収書".encode("iso-2022-jp"), "iso-2022-jp", "領収書"),
    ],
)
def test_the_words_come_out_whatever_the_header_claims(content: bytes, charset: str | None, text: str) -> None:
    assert decoded(content, charset) == text


# -- bodies


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Bonjour,</p><p>J'ai pay&eacute;.</p>", "Bonjour,\n\nJ'ai payé."),
        ("Bonjour,<br>J'ai payé.<br><br>Merci", "Bonjour,\nJ'ai payé.\n\nMerci"),
        ("<div>un</div><div>deux</div><div><br></div><div>trois</div>", "un\ndeux\n\ntrois"),
        ("<b>J'ai</b> <i>payé</i>", "J'ai payé"),
        ("<table><tr><td>Réf</td><td>12</td></tr><tr><td>Du</td><td>34</td></tr></table>", "Réf 12\nDu 34"),
        ("<ul><li>un</li><li>deux</li></ul>", "- un\n- deux"),
        ("<style>p{}</style><script>x</script><title>t</title><p>seul</p>", "seul"),
        ("<p>vu</p><div style='display:none'>caché <b>aussi</b></div><p>vu</p>", "vu\n\nvu"),
        ("<span style='font-size:0px'>caché</span>vu", "vu"),
        ("<span style='font-size:10px'>vu</span>", "vu"),
        ("<span style='color:#ffffff'>caché</span>vu", "vu"),
        ("<div style='background:#005'><span style='color:white'>vu</span></div>", "vu"),
        ("<p hidden>caché</p>vu", "vu"),
        ("<blockquote>vos mots<br>encore</blockquote>les miens", "> vos mots\n> encore\n\nles miens"),
        ("a<blockquote>b<blockquote>c</blockquote></blockquote>", "a\n\n> b\n\n> > c"),
        ("<pre>a\n  b</pre>", "a\n b"),
        ("<!-- non --><![if !mso]>oui<![endif]>", "oui"),
        ("", ""),
    ],
)
def test_an_html_body_says_what_a_reader_would_see(html: str, text: str) -> None:
    assert text_of_html(html) == text


def test_elements_inside_elements_without_end_are_borne() -> None:
    assert len(text_of_html("<div>" * 50_000 + "fond" + "</div>" * 50_000)) < 100


def test_the_plain_text_is_preferred_to_the_html() -> None:
    raw = message("J'ai payé le 3 mars par virement.", "<p>J'ai payé le 3 mars par <b>virement</b>.</p>").as_bytes()
    assert opened(raw).text == "J'ai payé le 3 mars par virement."


def test_a_plain_text_that_only_points_to_the_html_is_not_preferred() -> None:
    raw = message("Voir la version HTML.", "<p>" + "J'ai payé le 3 mars par virement, voyez. " * 5 + "</p>").as_bytes()
    assert opened(raw).text.startswith("J'ai payé")


def test_lines_flowing_on_are_joined() -> None:
    raw = (
        "From: a@b.example\nSubject: x\nContent-Type: text/plain; charset=utf-8; format=flowed\n\n"
        "J'ai payé la somme \nde 12 euros.\n> votre \n> lettre\n-- \nJeanne\n"
    )
    assert opened(raw).text.splitlines() == ["J'ai payé la somme de 12 euros.", "> votre ", "> lettre", "-- ", "Jeanne"]


def test_a_text_cut_in_two_by_an_attachment_is_read_whole() -> None:
    made = MIMEMultipart()
    made["From"], made["Subject"] = "a@b.example", "x"
    made.attach(MIMEText("Voici ma facture :"))
    made.attach(MIMEApplication(b"%PDF-1.4", "pdf", name="facture.pdf"))
    made.attach(MIMEText("Elle est payée."))
    found = opened(made.as_bytes())
    assert found.text == "Voici ma facture :\n\nElle est payée."
    assert [enclosure.kind for enclosure in found.enclosures] == [FileKind.PDF]


# -- what is enclosed


def test_a_forwarded_message_is_laid_open_with_what_lies_in_it() -> None:
    inner = message("Je conteste cette somme.", Subject="Litige")
    inner.add_attachment(b"%PDF-1.4 x", maintype="application", subtype="pdf", filename="preuve.pdf")
    outer = message("Pour vous.")
    outer.add_attachment(inner)
    found = opened(outer.as_bytes())
    assert found.text == "Pour vous."
    assert [(enclosure.name, enclosure.kind) for enclosure in found.enclosures] == [
        ("Litige", FileKind.EMAIL),
        ("preuve.pdf", FileKind.PDF),
    ]
    assert "Je conteste cette somme." in found.enclosures[0].text


def test_a_bounce_is_automatic_and_our_own_letter_in_it_is_no_new_text() -> None:
    raw = (
        "From: Mail Delivery System <MAILER-DAEMON@mx.example>\nSubject: Undelivered\nMIME-Version: 1.0\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=B\n\n"
        "--B\n\nAdresse inconnue.\n"
        "--B\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nStatus: 5.1.1\n\n"
        "--B\nContent-Type: message/rfc822\n\nFrom: us@agency.example\nSubject: Rappel\n\nVous devez 12 euros.\n"
        "--B--\n"
    )
    found = opened(raw)
    assert found.email is not None
    assert found.email.automatic
    assert found.text == "Adresse inconnue."
    assert "12 euros" in found.returned


@pytest.mark.parametrize(
    ("size", "inline", "kept"),
    [
        ((32, 32), False, False),
        ((200, 120), True, False),
        ((900, 180), True, False),
        ((200, 120), False, True),
        ((800, 1100), True, True),
    ],
)
def test_logos_are_left_out_and_named_and_pictures_are_read(size: tuple[int, int], inline: bool, kept: bool) -> None:
    made = message()
    made.add_attachment(
        picture(*size),
        maintype="image",
        subtype="png",
        filename="image001.png",
        disposition="inline" if inline else "attachment",
        cid="<a@b>" if inline else None,
    )
    found = opened(made.as_bytes())
    assert bool(found.enclosures) is kept
    assert found.notes == (() if kept else ("logo_ignored: image001.png",))


def test_what_cannot_be_read_is_kept_and_named() -> None:
    made = message()
    made.add_attachment(b"MZ\x90" + bytes(50), maintype="application", subtype="octet-stream", filename="outil.exe")
    made.add_attachment(b"", maintype="application", subtype="pdf", filename="vide.pdf")
    found = opened(made.as_bytes())
    assert found.text == "Bonjour, voici."
    assert found.notes == ("attachment_unread: outil.exe (unknown_kind)", "attachment_unread: vide.pdf (empty_file)")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\scans\\a.txt", "a.txt"),
        ("a\x00\x1b[31m.txt", "a[31m.txt"),
        ("", "sans-nom.txt"),
    ],
)
def test_names_of_enclosures_are_fit_to_be_shown(given: str, shown: str) -> None:
    raw = (
        "From: a@b.example\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B\n\n"
        f"--B\n\nBonjour\n--B\nContent-Type: text/plain\nContent-Disposition: attachment;"
        f" filename*=utf-8''{''.join(f'%{byte:02x}' for byte in given.encode())}\n\nvoici\n--B--\n"
    )
    assert opened(raw).enclosures[0].name == shown


# -- broken and hostile


@pytest.mark.parametrize(
    "raw",
    [
        "From: a@b.example\nSubject: x\nContent-Type: multipart/mixed; boundary=B\n\n--B\n\nBonjour",
        "From: a@b.example\nSubject: x\nContent-Type: multipart/mixed\n\nBonjour",
        "From: a@b.example\nSubject: x\nContent-Type: text/plain; charset*=x''y\n"
        "Content-Transfer-Encoding: zz\n\nBonjour",
        "From: a@b.example\nSubject: x\nContent-Type: ;;;=\n\nBonjour",
        "From: a@b.example\nSubject: x\nContent-Type: text/html\n\n<p>Bonjour",
        "From a@b Tue Mar 3 2026\nFrom: a@b.example\nSubject: x\n\nBonjour",
        "From: a@b.example\nSubject: =?utf-8?b?####?=\nDate: \x00\n\nBonjour",
        "From: a@b.example\nSubject: x\nMIME-Version: 1.0\nContent-Type: text/plain\n"
        "Content-Transfer-Encoding: quoted-printable\n\nBonjour=\n",
        "From: a@b.example\nSubject: x\nContent-Disposition: inline; filename==?x?\n\nBonjour",
    ],
)
def test_a_broken_message_still_gives_its_words(raw: str) -> None:
    assert "Bonjour" in opened(raw).text + "".join(enclosure.text for enclosure in opened(raw).enclosures)


def test_base64_with_rubbish_in_it_is_decoded_as_far_as_it_goes() -> None:
    body = base64.b64encode("Bonjour, j'ai payé.".encode()).decode()
    raw = f"From: a@b.example\nSubject: x\nContent-Transfer-Encoding: base64\n\n{body[:8]}!!{body[8:]}"
    assert "Bonjour" in opened(raw).text


def nested(levels: int) -> bytes:
    made = message("au fond")
    for _ in range(levels):
        outer = message("enveloppe")
        outer.add_attachment(made)
        made = outer
    return made.as_bytes()


def test_messages_in_messages_are_opened_to_a_bound() -> None:
    assert len(opened(nested(5)).enclosures) == 5
    with pytest.raises(DocumentRefused) as refused:
        opened(nested(6))
    assert refused.value.code == "too_deep"


def test_parts_in_parts_are_opened_to_a_bound() -> None:
    raw = "From: a@b.example\nSubject: x\n"
    for level in range(80):
        raw += f"Content-Type: multipart/mixed; boundary=B{level}\n\n--B{level}\n"
    with pytest.raises(DocumentRefused) as refused:
        opened(raw + "\nBonjour")
    assert refused.value.code == "too_deep"


def test_a_message_of_too_many_parts_is_refused() -> None:
    made = MIMEMultipart()
    made["From"], made["Subject"] = "a@b.example", "x"
    for _ in range(21):
        made.attach(MIMEText("x"))
    with pytest.raises(DocumentRefused) as refused:
        opened(made.as_bytes(), Limits(members=20))
    assert refused.value.code == "bomb"


def test_the_head_of_a_message_left_in_the_mailbox_is_refused_with_its_reason_and_nothing_is_read() -> None:
    head = "X-Mailroom-Set-Aside: 212 MB\nFrom: a@b.example\nSubject: Dossier\n\n"
    with pytest.raises(DocumentRefused) as refused:
        opened(head)
    assert (refused.value.code, refused.value.detail) == ("set_aside", "212 MB")


def test_a_forwarded_message_cannot_say_that_it_was_set_aside() -> None:
    outer = message()
    inner = message("J'ai payé.")
    inner["X-Mailroom-Set-Aside"] = "9 x"
    outer.add_attachment(inner)
    (forwarded,) = opened(outer.as_bytes()).enclosures
    assert forwarded.text.endswith("J'ai payé.")
