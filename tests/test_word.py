"""Word documents: what a person sees, where it stands, and nothing else."""

import io
import zipfile

import pytest
from docx import Document
from officefiles import NAMESPACES, docx, p, tbl, tc, tr

from parsers.damage import Damaged
from parsers.limits import Limits
from parsers.model import Content, Grid, Line
from parsers.word.document import read_word

LIMITS = Limits()


def read(body: str, parts: dict[str, str] | None = None) -> Content:
    return read_word(docx(body, parts), LIMITS)


def line(inner: str) -> str:
    """The text of one paragraph with this XML in it."""
    blocks = read(f"<w:p>{inner}</w:p>").blocks
    return blocks[0].text if blocks and isinstance(blocks[0], Line) else ""


def grid(*rows: str) -> Grid:
    (found,) = read(tbl(*rows)).blocks
    assert isinstance(found, Grid)
    return found


def places(found: Grid) -> list[list[tuple[str, str]]]:
    return [[(cell.text, cell.where) for cell in row] for row in found.rows]


def r(text: str, properties: str = "") -> str:
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def checkbox(state: str, glyph: str) -> str:
    return (
        f'<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="{state}"/></w14:checkbox></w:sdtPr>'
        f"<w:sdtContent>{glyph}</w:sdtContent></w:sdt>"
    )


def form_box(state: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox>'
        f"{state}</w:checkBox></w:ffData></w:fldChar></w:r>"
        "<w:r><w:instrText> FORMCHECKBOX </w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        (r("甲") + r("乙"), "甲乙"),
        ("<w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:cr/><w:t>丙</w:t></w:r>", "甲\n乙\n丙"),
        ("<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t></w:r>", "甲\t乙"),
        ('<w:pPr><w:tabs><w:tab w:val="left" w:pos="1"/></w:tabs></w:pPr>' + r("甲"), "甲"),
        ("<w:r><w:t>0731</w:t><w:noBreakHyphen/><w:t>8</w:t></w:r>", "0731-8"),
        (f"<w:ins>{r('新')}</w:ins><w:del><w:r><w:delText>旧</w:delText></w:r></w:del>", "新"),
        (f"<w:del>{r('旧')}</w:del>{r('新')}", "新"),
        (f"<w:r><w:rPr><w:strike/></w:rPr><w:t>旧</w:t></w:r>{r('新')}", "新"),
        (f"<w:r><w:rPr><w:dstrike/></w:rPr><w:t>旧</w:t></w:r>{r('新')}", "新"),
        (f"<w:r><w:rPr><w:strike w:val='0'/></w:rPr><w:t>仍</w:t></w:r>{r('在')}", "仍在"),
        (f"<w:moveFrom>{r('旧处')}</w:moveFrom><w:moveTo>{r('新处')}</w:moveTo>", "新处"),
        (f"<w:hyperlink>{r('qc@example.com')}</w:hyperlink>", "qc@example.com"),
        (f"<w:smartTag><w:customXml>{r('湖南')}</w:customXml></w:smartTag>", "湖南"),
        (f"<w:fldSimple>{r('3')}</w:fldSimple>", "3"),
        ("<w:r><w:instrText>PAGE</w:instrText></w:r>" + r("5"), "5"),
        (r("显") + r("隐", "<w:rPr><w:vanish/></w:rPr>"), "显"),
        (r("显", '<w:rPr><w:vanish w:val="0"/></w:rPr>'), "显"),
        (f"<w:r><w:ruby><w:rt>{r('zh')}</w:rt><w:rubyBase>{r('质')}</w:rubyBase></w:ruby></w:r>", "质"),
        ("<m:oMath><m:r><m:t>η=95%</m:t></m:r></m:oMath>", "η=95%"),
    ],
)  # fmt: skip
def test_a_paragraph_reads_as_it_is_seen(inner: str, text: str) -> None:
    """Runs, breaks, changes, fields and hidden text."""
    assert line(inner) == text


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        (checkbox("1", r("☒")) + r("攻关型"), "☑攻关型"),
        (checkbox("0", r("☐")) + r("攻关型"), "☐攻关型"),
        (checkbox("1", ""), "☑"),
        (checkbox("true", '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'), "☑"),
        (form_box("<w:checked/>") + r("是"), "☑是"),
        (form_box('<w:default w:val="1"/>') + r("是"), "☑是"),
        (form_box('<w:default w:val="1"/><w:checked w:val="0"/>') + r("是"), "☐是"),
        (form_box("") + r("是"), "☐是"),
        *[
            (f'<w:r><w:sym w:font="Wingdings" w:char="{code}"/></w:r>', mark)
            for code, mark in [
                ("F0FE", "☑"), ("F0FC", "☑"), ("00FE", "☑"), ("F0A8", "☐"), ("F06F", "☐"),
                ("F0FD", "☒"), ("F0FB", "☒"),
            ]
        ],
        *[
            (f'<w:r><w:sym w:font="Wingdings 2" w:char="{code}"/></w:r>', mark)
            for code, mark in [("F052", "☑"), ("F050", "☑"), ("F0A3", "☐")]
        ],
        ('<w:r><w:sym w:font="Symbol" w:char="F0B7"/></w:r>', "\ufffd"),
        (r("R", '<w:rPr><w:rFonts w:ascii="Wingdings 2"/></w:rPr>') + r("是"), "☑是"),
        (r("R"), "R"),
        (r("\uf0fe", '<w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr>'), "☑"),
    ],
)  # fmt: skip
def test_check_boxes_of_every_make_become_the_same_signs(inner: str, text: str) -> None:
    """Content controls, legacy fields and fonts of signs, once each."""
    assert line(inner) == text


def test_the_chosen_entry_of_a_legacy_list_is_read() -> None:
    """FORMDROPDOWN keeps its text in the field's data, not in a run."""
    entries = '<w:listEntry w:val="一等"/><w:listEntry w:val="二等"/>'
    data = f'<w:ffData><w:ddList><w:result w:val="1"/>{entries}</w:ddList></w:ffData>'
    assert line(f'<w:r><w:fldChar w:fldCharType="begin">{data}</w:fldChar></w:r>') == "二等"


@pytest.mark.parametrize(
    ("text", "seen"),
    [("单击或点击此处输入文字。", ""), ("湘江重工装备有限公司", "湘江重工装备有限公司")],
)
def test_a_prompt_nobody_replaced_is_no_text(text: str, seen: str) -> None:
    """The flag alone is not believed: some programs leave it behind."""
    control = (
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr>"
        f"<w:sdtContent>{r(text)}</w:sdtContent></w:sdt>"
    )
    assert line(control) == seen
    around = (
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr>"
        f"<w:sdtContent>{p(text)}</w:sdtContent></w:sdt>"
    )
    assert places(grid(tr(tc("单位"), tc(around)))) == [
        [("单位", "表1 第1行第1列"), (seen, "表1 第1行第2列")]
    ]


def test_lines_are_counted_without_blank_ones() -> None:
    """第N段 is the Nth paragraph with text outside tables, through controls."""
    control = f"<w:sdt><w:sdtContent>{p('二')}</w:sdtContent></w:sdt>"
    blocks = read(p("一") + p() + p("　 ") + control + tbl(tr(tc("格"))) + p("三")).blocks
    assert [(block.text, block.where) for block in blocks if isinstance(block, Line)] == [
        ("一", "第1段"),
        ("二", "第2段"),
        ("三", "第3段"),
    ]
    assert isinstance(blocks[2], Grid)


@pytest.mark.parametrize(
    ("properties", "run", "heading"),
    [
        ('<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>', "", True),
        ('<w:pPr><w:pStyle w:val="a3"/></w:pPr>', "", True),
        ('<w:pPr><w:pStyle w:val="b1"/></w:pPr>', "", True),
        ('<w:pPr><w:pStyle w:val="loop"/></w:pPr>', "", False),
        ('<w:pPr><w:outlineLvl w:val="0"/></w:pPr>', "", True),
        ('<w:pPr><w:jc w:val="center"/></w:pPr>', "<w:rPr><w:b/></w:rPr>", True),
        ('<w:pPr><w:jc w:val="center"/></w:pPr>', "", False),
        ('<w:pPr><w:jc w:val="center"/></w:pPr>', '<w:rPr><w:b w:val="0"/></w:rPr>', False),
        ("", "<w:rPr><w:b/></w:rPr>", False),
    ],
)
def test_headings_are_known_by_style_or_by_looks(properties: str, run: str, heading: bool) -> None:
    """By the style's name, through its base, by outline level, or centred and bold."""
    styles = (
        f"<w:styles {NAMESPACES}>"
        '<w:style w:styleId="a3"><w:name w:val="标题 1"/></w:style>'
        '<w:style w:styleId="b0"><w:pPr><w:jc w:val="center"/></w:pPr></w:style>'
        '<w:style w:styleId="b1"><w:basedOn w:val="b0"/><w:rPr><w:b/></w:rPr></w:style>'
        '<w:style w:styleId="loop"><w:basedOn w:val="loop"/></w:style></w:styles>'
    )
    (found,) = read(f"<w:p>{properties}{r('题', run)}</w:p>", {"styles.xml": styles}).blocks
    assert isinstance(found, Line)
    assert found.heading is heading


def test_merged_cells_are_joined_and_counted_as_printed() -> None:
    """Over columns once; a row that continues a cell from above counts it, too."""
    found = grid(
        tr(tc("企业", down="restart"), tc("名称"), tc("湘江重工", span=2)),
        tr(tc("", down="continue"), tc("邮编"), tc("410000"), tc("备注")),
        tr(tc("甲", span=4)),
    )
    assert places(found) == [
        [("企业", "表1 第1行第1列"), ("名称", "表1 第1行第2列"), ("湘江重工", "表1 第1行第3列")],
        [("邮编", "表1 第2行第2列"), ("410000", "表1 第2行第3列"), ("备注", "表1 第2行第4列")],
        [("甲", "表1 第3行第1列")],
    ]
    assert [(cell.row, cell.col, cell.rowspan, cell.colspan) for cell in found.cells()] == [
        (0, 0, 2, 1), (0, 1, 1, 1), (0, 2, 1, 2), (1, 1, 1, 1), (1, 2, 1, 1), (1, 3, 1, 1),
        (2, 0, 1, 4),
    ]  # fmt: skip


def test_columns_left_out_before_a_row_shift_it_but_are_not_counted() -> None:
    """GridBefore moves the cells in the grid; the first printed one is still the first."""
    found = grid(tr(tc("甲"), tc("乙")), tr(tc("丙"), before=1))
    assert found.rows[1][0].col == 1
    assert found.rows[1][0].where == "表1 第2行第1列"


def test_content_controls_around_cells_and_rows_shift_nothing() -> None:
    """The value stays under its own label, however it is wrapped."""
    cell = f"<w:sdt><w:sdtContent>{tc('值')}</w:sdtContent></w:sdt>"
    row = f"<w:sdt><w:sdtContent>{tr(tc('标签二'), tc('值二'))}</w:sdtContent></w:sdt>"
    found = grid(tr(tc("标签"), cell, tc("后")), row)
    assert places(found) == [
        [("标签", "表1 第1行第1列"), ("值", "表1 第1行第2列"), ("后", "表1 第1行第3列")],
        [("标签二", "表1 第2行第1列"), ("值二", "表1 第2行第2列")],
    ]


def test_a_check_box_control_around_a_whole_cell_is_one_sign() -> None:
    """Word may put the control outside the cell."""
    found = grid(tr(checkbox("1", tc("☒")), tc("是")))
    assert places(found)[0][0] == ("☑", "表1 第1行第1列")


def test_deleted_rows_and_cells_are_not_there() -> None:
    """Tracked deletions are read as accepted."""
    gone = f"<w:tr><w:trPr><w:del/></w:trPr>{tc('旧')}</w:tr>"
    cut = "<w:tc><w:tcPr><w:cellDel/></w:tcPr><w:p/></w:tc>"
    found = grid(gone, tr(cut, tc("新")))
    assert places(found) == [[("新", "表1 第1行第1列")]]


def test_horizontally_merged_cells_of_old_files_are_one() -> None:
    """w:hMerge says what gridSpan says today."""
    first = f'<w:tc><w:tcPr><w:hMerge w:val="restart"/></w:tcPr>{p("甲")}</w:tc>'
    second = "<w:tc><w:tcPr><w:hMerge/></w:tcPr><w:p/></w:tc>"
    (row,) = grid(tr(first, second, tc("乙"))).rows
    assert [(cell.text, cell.col, cell.colspan, cell.where) for cell in row] == [
        ("甲", 0, 2, "表1 第1行第1列"),
        ("乙", 2, 1, "表1 第1行第2列"),
    ]


def test_nested_tables_stay_in_their_cell() -> None:
    """Their places begin with the place of the cell."""
    inner = tbl(tr(tc("姓名"), tc("张三丰")))
    found = grid(tr(tc("外")), tr(tc(p("成员") + inner + p("注"))))
    cell = found.rows[1][0]
    assert cell.text == "成员\n注"
    (nested,) = cell.grids
    assert nested.where == "表1 第2行第1列 内表1"
    assert nested.rows[0][1].where == "表1 第2行第1列 内表1 第1行第2列"


def test_a_text_box_is_read_once_after_the_block_that_holds_it() -> None:
    """mc:AlternateContent holds it twice: as a shape and as VML."""
    content = f"<w:txbxContent>{p('编号：7')}</w:txbxContent>"
    shape = f"<w:drawing><wps:txbx>{content}</wps:txbx></w:drawing>"
    fallback = f"<w:pict><v:textbox>{content}</v:textbox></w:pict>"
    both = (
        f"<w:r><mc:AlternateContent><mc:Choice>{shape}</mc:Choice>"
        f"<mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent></w:r>"
    )
    old = f"<w:r><w:pict><v:shape><v:textbox>{content}</v:textbox></v:shape></w:pict></w:r>"
    beside = tbl(tr(tc(f"<w:p>{r('内')}{old}</w:p>")))
    blocks = read(f"<w:p>{r('题')}{both}</w:p>" + beside + p("尾")).blocks
    assert [(block.text, block.where) for block in blocks if isinstance(block, Line)] == [
        ("题", "第1段"),
        ("编号：7", "文本框1"),
        ("编号：7", "文本框2"),
        ("尾", "第2段"),
    ]


@pytest.mark.parametrize("make", ["shape", "old", "both"])
def test_a_text_box_alone_in_a_cell_is_the_text_of_the_cell(make: str) -> None:
    """What is seen in the cell fills it, once; nothing of it is left to follow the table."""
    content = f"<w:txbxContent>{p('湘江重工')}{p('装备有限公司')}</w:txbxContent>"
    shape = f"<w:drawing><wps:txbx>{content}</wps:txbx></w:drawing>"
    pict = f"<w:pict><v:shape><v:textbox>{content}</v:textbox></v:shape></w:pict>"
    drawn = {
        "shape": shape,
        "old": pict,
        "both": f"<mc:AlternateContent><mc:Choice>{shape}</mc:Choice>"
        f"<mc:Fallback>{pict}</mc:Fallback></mc:AlternateContent>",
    }[make]
    cell = tc(f"<w:p><w:r>{drawn}</w:r></w:p><w:p/>")
    told = read(tbl(tr(tc("企业名称"), cell, tc("联系人"), tc("周志远"))))

    (found,) = told.blocks
    assert isinstance(found, Grid)
    assert [entry.text for entry in found.rows[0]] == [
        "企业名称", "湘江重工\n装备有限公司", "联系人", "周志远",
    ]  # fmt: skip
    assert told.characters == 20


def test_a_text_box_over_a_filled_cell_or_with_a_table_in_it_stays_a_text_box() -> None:
    """It adds nothing to what was typed, and its table has a place of its own."""
    note = f"<w:r><w:pict><v:textbox><w:txbxContent>{p('批注')}</w:txbxContent></v:textbox></w:pict></w:r>"
    inner = f"<w:txbxContent>{tbl(tr(tc('姓名')))}</w:txbxContent>"
    table = f"<w:r><w:pict><v:textbox>{inner}</v:textbox></w:pict></w:r>"
    cells = tc(f"<w:p>{r('周志远')}{note}</w:p>"), tc(f"<w:p>{table}</w:p>")
    first, box, boxed = read(tbl(tr(*cells))).blocks

    assert isinstance(first, Grid)
    assert [cell.text for cell in first.rows[0]] == ["周志远", ""]
    assert (box.where, isinstance(box, Line) and box.text) == ("文本框1", "批注")
    assert isinstance(boxed, Grid)
    assert (boxed.where, boxed.rows[0][0].text) == ("文本框2 表1", "姓名")


def test_headers_come_first_and_footers_last_each_text_once() -> None:
    """Only those in use; a first-page header only where the section has one."""
    section = (
        '<w:sectPr><w:headerReference w:type="default" r:id="header1"/>'
        '<w:headerReference w:type="first" r:id="header2"/>'
        '<w:footerReference w:type="default" r:id="footer1"/></w:sectPr>'
    )
    body = f"<w:p><w:pPr>{section}</w:pPr>{r('正文')}</w:p>{section}"
    parts = {
        "header1.xml": f"<w:hdr {NAMESPACES}>{p('附件二')}{tbl(tr(tc('编号')))}</w:hdr>",
        "header2.xml": f"<w:hdr {NAMESPACES}>{p('首页')}</w:hdr>",
        "footer1.xml": f"<w:ftr {NAMESPACES}>{p('填表人：')}</w:ftr>",
    }
    content = read(body, parts)
    assert [(b.text, b.where) for b in content.blocks if isinstance(b, Line)] == [
        ("附件二", "页眉"),
        ("编号", "页眉"),
        ("正文", "第1段"),
        ("填表人：", "页脚"),
    ]
    assert content.characters == 2


def test_words_are_counted_in_lines_cells_nested_tables_and_text_boxes() -> None:
    """字数 of everything in the body."""
    box = f"<w:r><w:pict><v:textbox><w:txbxContent>{p('四五')}</w:txbxContent></v:textbox></w:pict></w:r>"
    body = p("一") + tbl(tr(tc(p("二") + tbl(tr(tc("三")))))) + f"<w:p>{box}</w:p>"
    assert read(body).characters == 5


def test_python_docx_and_we_agree_on_a_drawn_form() -> None:
    """A table with merges drawn by another library."""
    document = Document()
    table = document.add_table(rows=3, cols=4)
    for number, row in enumerate(table.rows):
        for column, cell in enumerate(row.cells):
            cell.text = f"{number}{column}"
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(2, 1).merge(table.cell(2, 3))
    buffer = io.BytesIO()
    document.save(buffer)
    (found,) = read_word(buffer.getvalue(), LIMITS).blocks
    assert isinstance(found, Grid)
    for number, row in enumerate(table.rows):
        for column, cell in enumerate(row.cells):
            (covering,) = [own for own in found.cells() if own.covers(number, column)]
            assert covering.text == cell.text


def test_strict_documents_say_the_same() -> None:
    """The ISO strict namespace is read like the usual one."""
    content = docx(p("正文"))
    strict = NAMESPACES.replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(NAMESPACES.encode(), strict.encode()))
    (found,) = read_word(buffer.getvalue(), LIMITS).blocks
    assert isinstance(found, Line)
    assert found.text == "正文"


def nested(depth: int) -> str:
    table = tbl(tr(tc("底")))
    for _ in range(depth - 1):
        table = tbl(tr(tc(table + p())))
    return table


def test_tables_within_tables_end_somewhere() -> None:
    """As deep as the limit is read, one deeper is refused."""
    deepest = Limits(max_nesting=5)
    assert read_word(docx(nested(6)), deepest).characters == 1
    with pytest.raises(Damaged) as refused:
        read_word(docx(nested(7)), deepest)
    assert refused.value.problem.code == "document.unsafe"


@pytest.mark.parametrize(
    "body",
    [
        "<w:sdt><w:sdtContent>" * 80 + p("底") + "</w:sdtContent></w:sdt>" * 80,
        "<w:p>" + "<w:ins>" * 200 + r("底") + "</w:ins>" * 200 + "</w:p>",
        tbl("<w:sdt><w:sdtContent>" * 80 + tr(tc("底")) + "</w:sdtContent></w:sdt>" * 80),
        tbl(tr("<w:sdt><w:sdtContent>" * 80 + tc("底") + "</w:sdtContent></w:sdt>" * 80)),
        "<w:p><w:r><w:pict>" + "<v:group>" * 200 + "</v:group>" * 200 + "</w:pict></w:r></w:p>",
    ],
)
def test_deep_wrapping_is_refused_before_the_stack_ends(body: str) -> None:
    """Every recursion has its own floor."""
    with pytest.raises(Damaged):
        read(body)


def test_too_many_cells_are_refused() -> None:
    """At the limit it is read, above it is not, plain or not."""
    limits = Limits(max_cells=4)
    plain = tbl(tr(tc("一"), tc("二")), tr(tc("三"), tc("四")))
    assert read_word(docx(plain), limits).characters == 4
    with pytest.raises(Damaged) as refused:
        read_word(docx(plain + tbl(tr(tc("五")))), limits)
    assert refused.value.problem.code == "document.too_large"


def test_a_huge_part_is_refused_by_its_directory_entry() -> None:
    """It is never unpacked."""
    with pytest.raises(Damaged) as refused:
        read_word(docx(p("字" * 2000)), Limits(max_part=1000))
    assert refused.value.problem.code == "document.unsafe"


def test_entities_are_refused() -> None:
    """Office files have no document type; a bomb does."""
    styles = '<!DOCTYPE a [<!ENTITY b "bbbb">]><w:styles xmlns:w="x">&b;</w:styles>'
    with pytest.raises(Damaged) as refused:
        read(
            '<w:p><w:pPr><w:pStyle w:val="q"/></w:pPr>' + r("题") + "</w:p>", {"styles.xml": styles}
        )
    assert refused.value.problem.code == "document.unsafe"
