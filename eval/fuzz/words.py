"""The dictionary of the mutations: numbers, characters, and the words of PDF and of office XML that readers trip over."""

from __future__ import annotations

NUMBERS = (
    *(b"0", b"-0", b"-1", b"1", b"255", b"256", b"65535", b"65536", b"99999", b"1048577", b"2147483647", b"2147483648", b"4294967296"),
    *(b"-2147483649", b"9223372036854775807", b"9223372036854775808", b"18446744073709551616", b"1e9", b"1e308", b"1e400", b"-1e400"),
    *(b"1e-400", b"NaN", b"inf", b"-Infinity", b"0.0000000001", b"1.2.3", b"--5", b"0x41", b"", b"9" * 40, b"9" * 400, b"9" * 5000),
    *("１２３".encode(), "٣".encode(), "²".encode(), "½".encode()),
)
"""What stands for a number: nothing, much too much, too long for Python to turn into one, and digits of other scripts."""

CHARACTERS = (
    *("\0", "\u202e", "\u2066", "\u200b", "\ufeff", "\ufffe", "\x1b[31m", "\r", "\x0b", "\x85", "\u2028"),
    *("😀", "\U000e0041", "\u0301" * 50),
)
"""Controls, text that runs backwards, marks without width."""
NO_CHARACTERS = (b"\xff\xfe", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x80", b"\xc0\xaf")
"""Not UTF-8: lone surrogates, beyond the last character, longer than it has to be."""
HOSTILE = (*(ch.encode() for ch in CHARACTERS), *NO_CHARACTERS)

LABELS = (
    *("项目支出绩效自评表", "项目名称", "主管部门", "实施单位", "项目资金（万元）", "年度资金总额", "其中：当年财政拨款", "年初预算数"),
    *("全年预算数", "全年执行数", "分值", "执行率", "得分", "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "总分"),
    *("产出指标", "偏差原因分析及改进措施", "≥95%", "100.00%", "（）", "1,234,567.89", "|", "一", "亿亿亿亿", "第", "％", "%%", "—"),
    *("\t", "\n", "   "),
)
"""What forms print."""
TEXT = (*(label.encode() for label in LABELS), *HOSTILE, b"|" * 500, b" " * 5000, b"\n" * 3000, b"\t" * 1000, "（".encode() * 3000)

ELEMENTS = tuple(
    line.strip().encode()
    for line in """<w:tbl><w:tr><w:tc><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
    <w:tr/>
    <w:tc/>
    <w:tbl/>
    <w:p/>
    <w:br/>
    <w:sym/>
    <w:altChunk/>
    <w:vMerge/>
    <w:vMerge w:val="restart"/>
    <w:gridSpan w:val="99999"/>
    <w:tc><w:tcPr><w:gridSpan w:val="99999"/><w:vMerge/></w:tcPr></w:tc>
    <w:trPr><w:gridBefore w:val="99999"/></w:trPr>
    <w:sdt><w:sdtContent><w:tbl><w:tr/></w:tbl></w:sdtContent></w:sdt>
    <w:tbl><w:tr/><w:tr/><w:tr/></w:tbl>
    <w:del><w:r><w:t>x</w:t></w:r></w:del>
    <c/>
    <row/>
    <v/>
    <t/>
    <si/>
    <c r="XFD1048576"><v>1</v></c>
    <c r="A0"/>
    <c r="" t="s"><v>99999</v></c>
    <c t="d"><v>x</v></c>
    <c s="99999"><v>1e400</v></c>
    <f>1/0</f>
    <mergeCells/>
    <mergeCell ref="A1:XFD1048576"/>
    <mergeCell ref="B2:A1"/>
    <mergeCell ref="A1:A1"/>
    <row r="1048576" hidden="1"/>
    <numFmt numFmtId="14" formatCode="[DBNum1]yyyy"/>
    <col min="1" max="16384" hidden="1"/>
    <sheet name="" sheetId="1"/>
    <ofd:Layer/>
    <ofd:PathObject/>
    <ofd:ImageObject ResourceID="1"/>
    <ofd:TextObject><ofd:TextCode>x</ofd:TextCode></ofd:TextObject>
    <ofd:PathObject><ofd:AbbreviatedData>M 0 0 L 1e308 1e308 C B Q</ofd:AbbreviatedData></ofd:PathObject>
    <ofd:Page BaseLoc="../../../etc/passwd"/>
    <ofd:Template TemplateID="1"/>
    <!-- x -->
    <?x y?>""".splitlines()
)
"""Elements of office formats, whole."""
FRAGMENTS = (
    *(b"<w:tbl>", b"</w:tbl>", b"<w:tr>", b"<w:tc>", b"<w:sdt><w:sdtContent>", b"<w:del>", b"<w:ins>", b"<ofd:PageBlock>", b"<![CDATA["),
    *(b"]]>", b"<!--", b"&lol;", b"&#0;", b"&#xD800;", b"&#x110000;", b"&amp", b"<?xml?>", b'xmlns:w="x"', b'=""', b"<", b">", b'"'),
    *(b'Visible="false"', b'Size="1e308"', b"<!DOCTYPE>"),
)
"""Parts of elements, and what breaks XML."""
VALUES = (
    *(ch.encode() for ch in CHARACTERS[1:5]),
    *(b"true", b"A1:XFD1048576", b"XFD1048576", b"A0", b"s", b"d", b"e", b"inlineStr", b"restart", b"nil", b"FFFFFF", b"../../x"),
    *(b"hidden", b"&#x202E;", b"&#13;", b"&#0;", "😀".encode(), b"M 0 0 L 1 1", b"1 0 0 1 0 0", b"x" * 3000),
)
"""Values of attributes."""

PDF = tuple(
    f" {line.strip()}\n".encode()
    for line in r"""obj
    endobj
    stream
    endstream
    <<
    >>
    [
    ]
    1 0 R
    99999 0 R
    null
    /Kids [1 0 R 2 0 R]
    /Parent 3 0 R
    /Count 2147483647
    /Filter /FlateDecode
    /Filter [/ASCIIHexDecode /LZWDecode]
    /Filter /JBIG2Decode
    /Filter /JPXDecode
    /Filter /CCITTFaxDecode
    /Filter /RunLengthDecode
    /DecodeParms << /Predictor 15 /Columns 2147483647 >>
    /Encrypt 1 0 R
    /Length -1
    /Rotate 45
    /Rotate -90
    /UserUnit 1e9
    /MediaBox [0 0 1e9 1e9]
    /MediaBox [0 0 0 0]
    /MediaBox [5 5 -5 -5]
    /CropBox [1e30 0 0 1]
    /Subtype /Type3
    /ToUnicode 1 0 R
    /Encoding /Identity-H
    /W [0 [1e400]]
    /Resources 1 0 R
    /SMask 1 0 R
    /Annots [1 0 R]
    /Type /ObjStm
    xref 0 99999999
    trailer << /Size 99999999 /Root 1 0 R >>
    startxref 0
    %%EOF
    (\
    <FEFF0000D800>""".splitlines()
)
"""Words of the file."""
OPERATORS = tuple(
    f" {line.strip()} ".encode()
    for line in """q
    Q
    BT
    ET
    cm
    0 0 0 0 0 0 cm
    1e30 0 0 1e30 0 0 cm
    Tm
    1 0 0 -1 0 0 Tm
    0 Tf
    1e9 Tz
    Tj
    () Tj
    <0000FFFF> Tj
    [(a) 1e9 (b)] TJ
    3 Tr
    7 Tr
    re
    0 0 1e9 1e9 re f
    W n
    W* n
    f*
    S
    B
    h
    0 0 m 1e38 1e38 l S
    NaN 0 l
    1 1 1 rg
    0 g
    /GS0 gs
    /Im0 Do
    BI /W 99999 /H 99999 ID xx EI
    /OC /x BDC
    BMC
    EMC
    sh
    -1 w
    1e9 w
    [0 0] 0 d
    T*
    0 -1e9 Td
    1 Ts
    d0
    '
    \"""".splitlines()
)
"""Words of what a page draws."""
FLOODS = (
    b"0 0 m 9 9 l S\n",
    b"q 1 0 0 1 1 1 cm\n",
    b"10 10 20 20 re S\n",
    b"BT /F0 9 Tf 50 700 Td <0041> Tj ET\n",
    b"30 30 400 0.5 re f 30 30 0.5 400 re f\n",
)
"""What is drawn many thousand times."""
RECORDS = (
    *(0x0203, 0x0204, 0x00FD, 0x00FC, 0x0006, 0x0201, 0x00BD, 0x00BE, 0x027E, 0x0205, 0x0208, 0x007D, 0x00E5, 0x001E, 0x041E, 0x00E0),
    *(0x0031, 0x0085, 0x0809, 0x000A, 0x003C, 0x0022, 0x0042, 0x002F, 0x0092, 0x01B8, 0x0018, 0x0017, 0x01AE, 0x0200, 0x023E, 0x0099),
)
"""Kinds of records of old workbooks."""
