"""Names that the installed macros know, and the nearest of them for one that they don't."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

from ansible_collections.postern.mail.plugins.module_utils._sendmail.known import (
    known_of,
    read_known,
    strangers,
)
from ansible_collections.postern.mail.plugins.module_utils._sendmail.wanted_mc import mail_mc
from ansible_collections.postern.mail.tests.unit.plugins.module_utils._sendmail.fake import (
    KNOWN,
)

PROTO = """
_OPTION(MaxMessageSize, `confMAX_MESSAGE_SIZE', `0')
_OPTION(Timeout.ident, `confTO_IDENT', `5s')
ifdef(`SMART_HOST', `DS'SMART_HOST)
_DEFIFNOT(`SMTP_MAILER_FLAGS',`')
O HelpFile=ifdef(`HELP_FILE', HELP_FILE, `x')
"""


def test_macros_and_the_options_behind_them_are_found() -> None:
    known = known_of({}, PROTO)
    assert known.options == {
        "confMAX_MESSAGE_SIZE": "MaxMessageSize",
        "confTO_IDENT": "Timeout.ident",
    }
    assert {"SMART_HOST", "SMTP_MAILER_FLAGS", "HELP_FILE", *known.options} == known.macros


def test_a_folder_of_macros_is_read(tmp_path: Path) -> None:
    assert read_known(str(tmp_path)) is None
    for folder in ("m4", "feature", "mailer", "ostype", "domain", "hack"):
        (tmp_path / folder).mkdir()
    (tmp_path / "m4/cf.m4").write_text("", encoding="ascii")
    (tmp_path / "m4/proto.m4").write_text(PROTO, encoding="ascii")
    (tmp_path / "feature/access_db.m4").write_text("define(`X_Y', 1)", encoding="ascii")
    (tmp_path / "ostype/debian.m4").write_text("", encoding="ascii")
    known = read_known(str(tmp_path))
    assert known is not None
    assert known.files["feature"] == {"access_db"}
    assert {"X_Y", "confTO_IDENT"} <= known.macros


def test_an_unknown_name_comes_with_its_place_and_its_nearest() -> None:
    mc = mail_mc(
        {
            "ostype": "debain",
            "defines": {"SMART_HOSTT": "x"},
            "features": [{"name": "acces_db"}],
            "mailers": ["smtp", "procmial"],
        },
        (),
    )
    assert [str(one) for one in strangers(mc, KNOWN, "mc")] == [
        'mc.ostype: Sendmail knows no "debain"; did you mean "debian"?',
        'mc.defines.SMART_HOSTT: Sendmail knows no "SMART_HOSTT"; did you mean "SMART_HOST"?',
        'mc.features[0]: Sendmail knows no "acces_db"; did you mean "access_db"?',
        'mc.mailers[1]: Sendmail knows no "procmial"; did you mean "procmail"?',
    ]


def test_what_is_known_is_no_stranger() -> None:
    assert list(strangers(mail_mc({}, ["access"]), KNOWN, "mc")) == []
