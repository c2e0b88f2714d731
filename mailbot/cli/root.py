"""The program ``mailbot``: its commands, its options, its exit codes."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from mailbot import __version__, log
from mailbot.cli import lazy
from mailbot.ports import WorldError
from rules.notice.complaints import Rejected

#: Exit codes (contract).
DONE, FAILED, WRONG = 0, 1, 2

#: Names that are taken for what will come.
ANNOUNCED = (
    "worker",
    "forms",
    "console",
    "report",
)

#: What the command line parser says, in Chinese.
_WORDS = (
    (r"No such command '(.*?)'\.", r"没有命令 \1。"),
    (r" Did you mean (.*)\?", r"是否想写 \1？"),
    (r"No such option: (\S+)", r"没有选项 \1"),
    (r" \(Possible options: (.*)\)", r"，是否想写 \1？"),
    (r" Did you mean (.*)\?", r"是否想写 \1？"),
    (r"Missing (?:argument|option) '(.*?)'\.", r"缺少 \1。"),
    (r"Got unexpected extra argument(?:s|\(s\))? \((.*)\)", r"多余的内容：\1"),
    (r"Option '(.*?)' requires an argument\.", r"选项 \1 后面缺少内容。"),
    (r"Invalid value for '(.*?)': .*does not match the formats.*", r"\1 应为日期，如 2026-07-10。"),
    (r"Invalid value for '(.*?)': .*integer.*", r"\1 应为整数。"),
    (r"Invalid value for '(.*?)': ", r"\1 的写法不对："),
    (r"Missing command\.", "缺少命令。"),
)

#: What the operating system says.
_FAILURES: tuple[tuple[type[OSError], str], ...] = (
    (FileNotFoundError, "没有这个文件或文件夹"),
    (PermissionError, "没有权限"),
    (IsADirectoryError, "这是文件夹，不是文件"),
    (NotADirectoryError, "路径中有文件不是文件夹"),
)

#: Environment variable that names the configuration file.
VARIABLE = "MAILBOT_CONFIG"


class Commands(lazy.Commands):
    """Every command in the order of a first acquaintance."""

    entries = (
        lazy.Entry(
            name="demo",
            place="setup:demo",
            summary="演示：用一批样例来信走完受理的全过程。",
            example="mailbot demo",
        ),
        lazy.Entry(
            name="init",
            place="setup:init",
            summary="写出一份带说明的配置文件。",
            example="mailbot init 申报邮箱",
        ),
        lazy.Entry(
            name="check",
            place="checking:check",
            summary="检查配置和活动，并逐项试连。",
            example="mailbot check",
        ),
        lazy.Entry(
            name="run",
            place="service:run",
            summary="开始受理：收信、审查、回复、寄简报。",
            example="mailbot run --once",
        ),
        lazy.Entry(
            name="import",
            place="service:import_mails",
            summary="导入邮件文件，与收到的来信同样处理。",
            example="mailbot import 旧邮件.mbox 来信/*.eml",
        ),
        lazy.Entry(
            name="read",
            place="reading:read",
            summary="显示程序从文件中读到了什么。",
            example="mailbot read 申报表.docx --json",
        ),
        lazy.Entry(
            name="judge",
            place="judging:judge",
            summary="试审来信：拟出结论和回复，不登记、不发信。",
            example="mailbot judge 来信.eml --received-at 2026-07-10T09:00",
        ),
        lazy.Entry(
            name="list",
            place="register:list_items",
            summary="列出登记簿中的申报项，或来信。",
            example="mailbot list --state supplement",
        ),
        lazy.Entry(
            name="show",
            place="register:show",
            summary="显示一个申报项或一封来信的来龙去脉。",
            example="mailbot show 受理编号",
        ),
        lazy.Entry(
            name="review",
            place="review:app",
            summary="人工处理：列出等人处理的事项，并作出决定。",
        ),
        lazy.Entry(
            name="withdraw",
            place="entries:withdraw",
            summary="应申报单位要求撤回申报项，退回名额，并通知对方。",
            example="mailbot withdraw 受理编号",
        ),
        lazy.Entry(
            name="grade",
            place="entries:grade",
            summary="录入一个申报项的等级，并核对该等级的名额。",
            example="mailbot grade 受理编号 1",
        ),
        lazy.Entry(
            name="tick",
            place="entries:tick",
            summary="登记纸质材料、费用、盖章已经核对，核对清单不再列出。",
            example="mailbot tick 受理编号 paper",
        ),
        lazy.Entry(
            name="digest",
            place="exporting:digest",
            summary="工作人员的每日简报。",
            example="mailbot digest --out 简报.html",
        ),
        lazy.Entry(
            name="export",
            place="exporting:export",
            summary="把一项活动的登记簿导出为表格。",
            example="mailbot export --campaign 活动编号 --out 登记簿.xlsx",
        ),
        lazy.Entry(
            name="replay",
            place="replay:replay",
            summary="按现行规则重新审查全部申报，列出会有哪些不同。",
            example="mailbot replay --campaign 活动编号",
        ),
        lazy.Entry(
            name="backup",
            place="backing:backup",
            summary="备份登记簿、来信原件、配置文件和自己的活动；服务不必停止。",
            example="mailbot backup 备份文件夹",
        ),
        lazy.Entry(
            name="purge",
            place="purging:purge",
            summary="清除到期的个人信息：登记簿中的内容和来信原件。",
            example="mailbot purge --campaign 活动编号",
        ),
        lazy.Entry(
            name="status",
            place="health:status",
            summary="一屏看清运行情况。",
            example="mailbot status",
        ),
        lazy.Entry(
            name="outbox", place="register:outbox_app", summary="发件箱：回复及其送达状态。"
        ),
        lazy.Entry(
            name="campaigns",
            place="campaigns:app",
            summary="活动：查看活动数据，检查自己编写的活动文件。",
        ),
    )


app = typer.Typer(
    name="mailbot",
    cls=Commands,
    help="质量管理活动申报邮件的受理：收信、读表、审查、登记、回复。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


def _print_version(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"mailbot {__version__}\n")
        raise typer.Exit


@app.callback()
def _begin(
    context: typer.Context,
    *,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            envvar=VARIABLE,
            metavar="FILE",
            help="配置文件；不写则为当前文件夹中的 config.toml。",
        ),
    ] = None,
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_print_version, help="显示版本。"),
    ] = False,
) -> None:
    del version
    context.obj = config


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    log.configure(level="warning")  # to standard error, also where no configuration says so
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        code = app(given, prog_name="mailbot", standalone_mode=False)
        sys.stdout.flush()
    except typer.TyperException as error:
        code = _usage(error, given)
    except Rejected as error:
        code = _complain(WRONG, *map(str, error.complaints))
    except WorldError as error:
        code = _complain(FAILED, str(error))
    except BrokenPipeError:
        # Whoever read has had enough; nothing may be written at shutdown either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = FAILED
    except OSError as error:
        code = _complain(FAILED, f"{error.filename or '文件'}：{_why(error)}")
    except (KeyboardInterrupt, typer.Abort):
        code = _complain(FAILED, "已中断。")
    if code in (DONE, FAILED, WRONG):
        return int(code)
    return FAILED if code else DONE


def _usage(error: typer.TyperException, arguments: Sequence[str]) -> int:
    said = error.format_message()
    if not said:  # the help text has been printed already
        return WRONG
    announced = next((name for name in arguments if name in ANNOUNCED), "")
    if announced and "No such command" in said:
        return _complain(WRONG, f"用法有误：命令 {announced} 尚未提供。")
    for english, chinese in _WORDS:
        said = re.sub(english, chinese, said)
    context = getattr(error, "ctx", None)
    path = context.command_path if context else " ".join(("mailbot", *_named(arguments)))
    return _complain(WRONG, f"用法有误：{said}", f"查看帮助：{path} --help")


def _named(arguments: Sequence[str]) -> Sequence[str]:
    """The command that was called."""
    names = {entry.name for entry in Commands.entries}
    return [word for word in arguments if word in names][:1]


def _why(error: OSError) -> str:
    for kind, words in _FAILURES:
        if isinstance(error, kind):
            return words
    return error.strerror or str(error)


def _complain(code: int, *lines: str) -> int:
    for line in lines:
        Console(file=sys.stderr, highlight=False).print(escape(line), soft_wrap=True)
    return code
