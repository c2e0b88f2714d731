"""The configuration: right files load, every mistake is named with line and key."""

from datetime import time
from pathlib import Path

import pytest

from mailbot.configuration.config import Config, load
from rules.notice.complaints import Complaint, Rejected

GOOD = """\
[[mailbox]]
url = "imaps://baoming@example.org@imap.example.org/INBOX"
password_env = "MAIL_PASSWORD"
address = "Baoming@example.org"

[outgoing]
url = "smtps://baoming@example.org@smtp.example.org"
password_file = "secrets/mail.txt"
from = "baoming@example.org"
"""


def loaded(folder: Path, text: str = GOOD) -> Config:
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return load(file)


def complaints(folder: Path, text: str) -> tuple[Complaint, ...]:
    with pytest.raises(Rejected) as caught:
        loaded(folder, text)
    return caught.value.complaints


def test_a_user_name_may_be_a_mail_address(tmp_path: Path) -> None:
    """Most providers want the whole address as user name."""
    url = loaded(tmp_path).mailboxes[0].url

    assert (url.user, url.host, url.port) == ("baoming@example.org", "imap.example.org", 993)


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        ("imaps://a@h", "INBOX"),
        ("imaps://a@h/", "INBOX"),
        ("imaps://a@h/申报/2026", "申报/2026"),
        ("imaps://a@h/%E7%94%B3%E6%8A%A5", "申报"),
        ("imaps://a@h/a#b?c", "a#b?c"),
    ],
)
def test_folders_of_a_mailbox_are_unicode(tmp_path: Path, url: str, folder: str) -> None:
    """Written plainly or percent-encoded."""
    text = f'[[mailbox]]\nurl = "{url}"\npassword_env = "X"\n'

    assert loaded(tmp_path, text).mailboxes[0].url.folder == folder


@pytest.mark.parametrize(
    "url", ["imap://a@localhost/", "imap://a@127.0.0.1:1143", "imap://a@[::1]"]
)
def test_plain_imap_stays_on_this_machine(tmp_path: Path, url: str) -> None:
    """For tests and tunnels."""
    text = f'[[mailbox]]\nurl = "{url}"\npassword_env = "X"\n'

    assert loaded(tmp_path, text).mailboxes[0].url.on_loopback


def test_addresses_are_lower_case(tmp_path: Path) -> None:
    """They are compared with those of mails."""
    assert loaded(tmp_path).mailboxes[0].address == "baoming@example.org"


def test_relative_paths_count_from_the_file(tmp_path: Path) -> None:
    """Not from where the command was started."""
    config = loaded(
        tmp_path,
        '[[mailbox]]\nurl = "maildir:in"\n[data]\nfolder = "kept"\n[campaigns]\nfolder = "own"\n'
        '[database]\nurl = "sqlite:///x.db"\n[archive]\nurl = "file:raw"\n'
        '[outgoing]\nurl = "maildir:out"\nfrom = "a@b.cn"\n',
    )

    assert config.outgoing is not None
    assert [
        config.mailboxes[0].url.path,
        config.outgoing.url.path,
        config.data.folder,
        config.campaigns.folder,
        config.archive_folder,
        config.database_url,
    ] == [
        tmp_path / "in",
        tmp_path / "out",
        tmp_path / "kept",
        tmp_path / "own",
        tmp_path / "raw",
        f"sqlite:///{tmp_path}/x.db",
    ]


def test_database_and_archive_lie_in_the_data_folder(tmp_path: Path) -> None:
    """Unless they are told otherwise."""
    config = loaded(tmp_path)

    assert config.database_url == f"sqlite:///{tmp_path}/data/mailbot.db"
    assert config.archive_folder == tmp_path / "data" / "archive"


def test_absolute_paths_stay(tmp_path: Path) -> None:
    """As written."""
    assert str(loaded(tmp_path, '[data]\nfolder = "/srv/mail"\n').data.folder) == "/srv/mail"


def test_one_address_may_stand_without_brackets(tmp_path: Path) -> None:
    """Staff write one address as they write any text."""
    config = loaded(tmp_path, '[staff]\ndigest_to = "li@example.org"\ndigest_at = "7:05"\n')

    assert (config.staff.digest_to, config.staff.digest_at) == (("li@example.org",), time(7, 5))


BOX = '[[mailbox]]\nurl = "imaps://a@h"\npassword_env = "X"\n'
OUT = '[outgoing]\nurl = "smtps://a@h"\nfrom = "a@b.cn"\npassword_env = "X"\n'


@pytest.mark.parametrize(
    ("text", "line", "key", "words"),
    [
        ('[[mailbox]]\nurl = "imap://a@mail.example.org"\n', 2, "mailbox.url", "imaps://"),
        ('[[mailbox]]\nurl = "imaps://a:secret@h"\n', 2, "mailbox.url", "不得写在配置文件里"),
        ('[[mailbox]]\nurl = "imaps://a"\n', 2, "mailbox.url", "缺少用户名"),
        ('[[mailbox]]\nurl = "pop3://a@h"\n', 2, "mailbox.url", "imaps、imap、maildir"),
        ('[[mailbox]]\nurl = "imaps://a@h:99999"\n', 2, "mailbox.url", "应为 imaps://"),
        ('[[mailbox]]\nurl = "imaps://a@"\n', 2, "mailbox.url", "应为 imaps://"),
        ('[[mailbox]]\nurl = "maildir:"\n', 2, "mailbox.url", "路径"),
        ("[[mailbox]]\nurl = 5\n", 2, "mailbox.url", "引号"),
        ("[[mailbox]]\n", 1, "mailbox.url", "缺少必填的 url"),
        ('[[mailbox]]\nurl = "imaps://a@h"\n', 1, "mailbox.password_env", "password_file"),
        (BOX + 'password_file = "x"\n', 4, "mailbox.password_file", "只写一个"),
        (BOX + 'password = "x"\n', 4, "mailbox.password", "不得写在配置文件里"),
        (BOX + "poll_secods = 5\n", 4, "mailbox.poll_secods", "是否想写 poll_seconds"),
        (BOX + "poll_seconds = 0\n", 4, "mailbox.poll_seconds", "应不小于 1，现为“0”"),
        (BOX + 'poll_seconds = "60秒"\n', 4, "mailbox.poll_seconds", "应为整数"),
        (BOX + 'address = "a b@c"\n', 4, "mailbox.address", "邮箱地址"),
        (BOX + BOX, 5, "mailbox.url", "写了两次"),
        (
            BOX + 'campaigns = [\n  "x-2026"]\n[campaigns]\nenabled = ["y-2026"]\n',
            5,
            "mailbox.campaigns",
            "x-2026 没有列在",
        ),
        (
            '[[mailbox]]\nurl = "maildir:in"\npassword_env = "X"\n',
            3,
            "mailbox.password_env",
            "不需要",
        ),
        (OUT + 'on_uncertain = "maybe"\n', 5, "outgoing.on_uncertain", "resend、hold"),
        (OUT.replace('from = "a@b.cn"\n', ""), 1, "outgoing.from", "缺少必填的 from"),
        (OUT.replace("smtps://a@h", "smtps://h"), 2, "outgoing.url", "没有用户名"),
        ('[outgoing]\nurl = "imaps://a@h"\nfrom = "a@b.cn"\n', 2, "outgoing.url", "smtps"),
        ('[database]\nurl = "postgresql://h/db"\n', 2, "database.url", "尚未提供"),
        ('[database]\nurl = "mysql://h/db"\n', 2, "database.url", "sqlite:///"),
        ('[archive]\nurl = "s3://x"\n', 2, "archive.url", "file:"),
        ('[staff]\ndigest_at = "25:00"\n', 2, "staff.digest_at", "08:30"),
        ('[staff]\nzone = "Mars/Olympus"\n', 2, "staff.zone", "Asia/Shanghai"),
        ('[data]\nfolder = ""\n', 2, "data.folder", "路径"),
        ("[limits]\nread_seconds = 0\n", 2, "limits.read_seconds", "应不小于 1"),
        ('[log]\nformat = "xml"\n', 2, "log.format", "text、json"),
        ("[outgong]\n", 1, "outgong", "是否想写 outgoing"),
    ],
)
def test_a_mistake_is_named_with_line_and_key(
    tmp_path: Path, text: str, line: int, key: str, words: str
) -> None:
    """And says what is expected."""
    found = [entry for entry in complaints(tmp_path, text) if entry.key == key]

    assert [(entry.line, words in entry.message) for entry in found] == [(line, True)]


@pytest.mark.parametrize(
    "text",
    ['[[mailbox]]\nurl = "imaps://a:s3cret@h"\n', BOX + 'password = "s3cret"\n'],
)
def test_a_secret_in_the_file_is_not_repeated(tmp_path: Path, text: str) -> None:
    """The complaint may be copied into a mail for help."""
    assert "s3cret" not in "".join(map(str, complaints(tmp_path, text)))


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    """The first thing everybody meets."""
    with pytest.raises(Rejected) as caught:
        load(tmp_path / "none.toml")

    assert "mailbot init" in str(caught.value)


def test_a_folder_is_no_configuration(tmp_path: Path) -> None:
    """It cannot be opened, and the complaint says so."""
    with pytest.raises(Rejected, match="打不开"):
        load(tmp_path)


def test_a_late_complaint_still_names_line_and_key(tmp_path: Path) -> None:
    """A value may prove wrong only when it is used."""
    rejected = loaded(tmp_path).complaint("环境变量未设置", "mailbox", 0, "password_env")

    assert [(entry.line, entry.key) for entry in rejected.complaints] == [
        (3, "mailbox.password_env")
    ]


SENT = "imaps://baoming@example.org@imap.example.org"


@pytest.mark.parametrize(("url", "folder"), [(SENT, ""), (f"{SENT}/已发送", "已发送")])
def test_the_folder_of_sent_mails(tmp_path: Path, url: str, folder: str) -> None:
    """Named, or found by itself; the password is the one of the way out."""
    outgoing = loaded(tmp_path, f'{GOOD}sent = "{url}"\nkeep_copy = true\n').outgoing

    assert outgoing is not None
    assert outgoing.sent is not None
    assert (outgoing.sent.host, outgoing.sent.folder) == ("imap.example.org", folder)
    assert outgoing.keep_copy


def test_a_relay_without_login_may_have_a_folder_with_one(tmp_path: Path) -> None:
    """The password is then the folder's alone."""
    text = GOOD.replace("smtps://baoming@example.org@smtp", "smtps://smtp")
    outgoing = loaded(tmp_path, f'{text}sent = "{SENT}"\n').outgoing

    assert outgoing is not None
    assert outgoing.url.user == ""


@pytest.mark.parametrize(
    ("lines", "key", "told"),
    [
        ("keep_copy = true", "outgoing.keep_copy", "请写明已发送文件夹"),
        ('sent = "maildir:x"', "outgoing.sent", "应为 imaps://"),
        ('sent = "imaps://imap.example.org/x"', "outgoing.sent", "缺少用户名"),
        ('sent = "imap://a@imap.example.org/x"', "outgoing.sent", "不加密"),
    ],
)
def test_mistakes_about_the_folder_of_sent_mails(
    tmp_path: Path, lines: str, key: str, told: str
) -> None:
    """Each at its key."""
    [complaint] = complaints(tmp_path, f"{GOOD}{lines}\n")

    assert complaint.key == key
    assert told in complaint.message


def test_several_folders_of_one_mailbox(tmp_path: Path) -> None:
    """The one in the url is the default; those named replace it."""
    several = GOOD.replace("address", 'folders = ["INBOX", "垃圾邮件"]\naddress')

    assert loaded(tmp_path).mailboxes[0].folder_names == ("INBOX",)
    assert loaded(tmp_path, several).mailboxes[0].folder_names == ("INBOX", "垃圾邮件")


def test_a_token_command_is_words_and_no_shell_sees_it(tmp_path: Path) -> None:
    """Typed as in a terminal; then no password is asked for."""
    text = GOOD.replace('password_env = "MAIL_PASSWORD"', "token_command = \"token 'a b' $HOME\"")

    assert loaded(tmp_path, text).mailboxes[0].token_command == ("token", "a b", "$HOME")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('folders = ["INBOX", "INBOX"]', "两次"),
        ('folders = [""]', "不能为空"),
        ('token_file = "token"', "只用一种"),
        ('token_file = "token"\ntoken_command = "token"', "只写一个"),
        ('token_command = "token \'"', "引号"),
    ],
)
def test_mistakes_in_folders_and_tokens(tmp_path: Path, line: str, told: str) -> None:
    """Each with its line."""
    found = complaints(tmp_path, GOOD.replace("address", f"{line}\naddress"))

    assert any(told in entry.message and entry.line in (4, 5) for entry in found)


def test_a_maildir_has_neither_folders_nor_tokens(tmp_path: Path) -> None:
    """Each folder of a Maildir is a mailbox of its own."""
    found = complaints(
        tmp_path, '[[mailbox]]\nurl = "maildir:in"\nfolders = ["Junk"]\ntoken_file = "token"\n'
    )

    assert sorted(entry.key for entry in found) == ["mailbox.folders", "mailbox.token_file"]
