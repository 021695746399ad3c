"""The commands as a user meets them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from schema.canonical import dump_forms, read_forms
from schema.errors import JiheError
from tests.factories import make_form, make_indicator
from tests.ui.conftest import Jihe

ROOT = Path(__file__).parents[2]
LONG = "公共数据平台（2024年度运维及安全保障服务项目）"
COMMANDS = ("forms", "show", "check", "export", "import", "remove", "correct", "doctor")


@pytest.mark.parametrize("command", [(), *[(name,) for name in COMMANDS]], ids=lambda words: " ".join(words) or "jihe")
def test_every_command_explains_itself_in_chinese(jihe: Jihe, command: tuple[str, ...]) -> None:
    shown = jihe(*command, "--help")
    assert shown.exit_code == 0
    assert "--home" in shown.output
    assert any("一" <= letter <= "鿿" for letter in shown.output)


def test_the_help_states_the_exit_codes(jihe: Jihe) -> None:
    assert "退出码" in jihe("--help").output


def test_the_version_is_told(jihe: Jihe) -> None:
    assert jihe("--version").output.startswith("jihe 0.")


def test_the_list_shows_forms_counts_and_failures(jihe: Jihe, filled: Path) -> None:
    shown = jihe("forms")
    assert shown.exit_code == 0
    assert LONG in shown.output  # in a pipe nothing is cut or wrapped
    assert "自评表.pdf 第3页（电子）" in shown.output
    assert "共 2 张表" in shown.output
    assert "另有 1 个文件未能读取" in shown.output
    assert "\x1b[" not in shown.output


def test_the_list_filters(jihe: Jihe, filled: Path) -> None:
    assert LONG not in jihe("forms", "热线").output
    assert "共 1 张表" in jihe("forms", "--severity", "error").output
    assert "共 0 张表" in jihe("forms", "--year", "1999").output


def test_the_files_that_could_not_be_read_are_listed_with_the_reason(jihe: Jihe, filled: Path) -> None:
    shown = jihe("forms", "--failed").output
    assert "坏的.pdf：文件不完整" in shown
    assert "共 1 个文件未能读取" in shown
    assert json.loads(jihe("forms", "--failed", "--json").output)[0]["reason"] == "文件不完整"


def test_the_list_as_json(jihe: Jihe, filled: Path) -> None:
    forms = json.loads(jihe("forms", "--json").output)
    assert [form["project_name"] for form in forms] == ["政务服务热线运维", LONG]
    assert forms[0]["adjusted_budget"] == 6.8


def test_a_form_is_shown_with_its_findings_at_their_cells(jihe: Jihe, filled: Path) -> None:
    shown = jihe("show", "公共数据").output
    assert "总得分  90 [1]" in shown
    assert "[1] 错误  总得分 第 3 页  total_score" in shown
    assert str(Path("自评表.pdf").absolute()) in shown
    assert "办理业务量5" in shown
    assert "财政专户管理资金" in shown


def test_a_form_as_json_is_canonical(jihe: Jihe, filled: Path, tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(jihe("show", "热线", "--json").output, encoding="utf-8")
    form = read_forms(tmp_path / "one.json")[0]
    assert (form.project_name, form.evidence["grade"].match) == ("政务服务热线运维", "exact")


def test_stored_forms_are_checked(jihe: Jihe, filled: Path) -> None:
    shown = jihe("check")
    assert shown.exit_code == 1
    assert "核对 2 张表：错误 1" in shown.output
    found = json.loads(jihe("check", "--json").output)
    assert {"score-sum"} <= {finding["rule"] for finding in found}
    assert set(found[0]) == {"form_id", "project_name", "rule", "severity", "cell", "message"}


def test_files_are_checked_without_any_home(jihe: Jihe, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(dump_forms([make_form(form_id="甲-1")]), encoding="utf-8")
    bad.write_text(dump_forms([make_form(form_id="乙-1", total_score=90)]), encoding="utf-8")
    assert jihe("check", good).exit_code == 0
    shown = jihe("check", good, bad, "--json")
    assert shown.exit_code == 1
    assert {finding["form_id"] for finding in json.loads(shown.output) if finding["severity"] == "error"} == {"乙-1"}
    assert not (tmp_path / "home").exists()


def test_another_profile_checks_stored_forms_afresh(jihe: Jihe, filled: Path) -> None:
    assert jihe("check", "--profile", "central").exit_code == 1
    assert jihe("check", "--profile", "火星").exit_code == 2


@pytest.mark.parametrize("place", ["before", "after"])
def test_the_home_may_stand_before_or_after_the_command(jihe: Jihe, filled: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    monkeypatch.setenv("JIHE_HOME", "/nowhere")
    words = ("--home", filled, "forms") if place == "before" else ("forms", "--home", filled)
    assert "共 2 张表" in jihe(*words).output


def test_exporting_and_importing(jihe: Jihe, filled: Path, tmp_path: Path) -> None:
    out = tmp_path / "forms.json"
    assert "已导出 2 张表" in jihe("export", "--to", "json", "-o", out).output
    assert jihe("export", "-o", tmp_path / "forms.xlsx").exit_code == 0
    assert jihe("export", "-o", tmp_path / "forms.doc").exit_code == 2
    other = ("--home", tmp_path / "other")
    assert "存入 2 张表" in jihe(*other, "import", out).output
    assert "没有变化" in jihe(*other, "import", out).output
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    mixed = jihe("import", tmp_path / "bad.json", out, *other)
    assert (mixed.exit_code, "没有变化" in mixed.output, "不是 JSON" in mixed.stderr) == (1, True, True)


def test_correcting_and_undoing(jihe: Jihe, filled: Path) -> None:
    done = jihe("correct", "公共数据", "total_score", "100", "--who", "张三")
    assert done.exit_code == 0
    assert "更正：90 → 100" in done.output
    assert "不再有的问题" in done.output
    assert "张三  总得分：90 → 100" in jihe("show", "公共数据").output
    undone = jihe("correct", "公共数据", "total_score", "--undo")
    assert "撤销更正：100 → 90" in undone.output
    assert "新出现的问题" in undone.output


def test_a_negative_value_is_a_value(jihe: Jihe, filled: Path) -> None:
    assert "15 → -5" in jihe("correct", "热线", "indicators[0].score", "-5").output
    assert "-5 → 空" in jihe("correct", "热线", "indicators[0].score", "-").output


def test_removing_says_what_goes_and_what_stays(jihe: Jihe, filled: Path) -> None:
    jihe("correct", "热线", "grade", "良")
    shown = jihe("remove", "自评表.pdf")
    assert "2 张表不再保存" in shown.output
    assert "1 处人工更正仍保留" in shown.output
    assert "共 0 张表" in jihe("forms").output


def test_the_doctor_tells_what_is_there(jihe: Jihe, filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "geheim")
    assert jihe("doctor").exit_code == 0
    shown = jihe("doctor", "--deep")
    # Nobody ever read a file here: its original is missed.
    assert shown.exit_code == 1
    assert "1 个不在原处" in shown.output
    assert "WAL" in shown.output
    assert "完好" in shown.output
    assert "全部读得出来" in shown.output
    assert "全文和向量齐全" in shown.output
    assert "rapidocr" in shown.output
    assert "LibreOffice" in shown.output
    assert "geheim" not in shown.output
    (filled / "jihe.db").write_bytes(b"nonsense" * 1000)
    assert jihe("doctor").exit_code == 1


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("show", "没有的"), 2, "没有“没有的”这张表"),
        (("show", "服务"), 2, "对应不止一张表"),
        (("correct", "热线", "nonsense", "1"), 2, "没有 'nonsense'"),
        (("correct", "热线", "grade"), 2, "二者取一"),
        (("remove", "别的.pdf"), 2, "没有导入过"),
        (("check", "/nowhere/x.json"), 2, "没有这个文件"),
        (("export", "-o", "/nowhere/x.json"), 1, "写不了"),
        (("forms", "--home", "/nowhere"), 2, "还没有数据"),
    ],
)
def test_errors_are_one_line_on_stderr(jihe: Jihe, filled: Path, words: tuple[str, ...], code: int, message: str) -> None:
    done = jihe(*words)
    assert done.exit_code == code
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not isinstance(done.exception, JiheError)


def test_names_with_markup_are_printed_as_they_are(jihe: Jihe, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    form = make_form("[red]甲[/red] :smile: [link=http://x]", form_id="x", indicators=(make_indicator(0, name="[bold]乙"),))
    file.write_text(dump_forms([form]), encoding="utf-8")
    jihe("import", file)
    assert "[red]甲[/red] :smile: [link=http://x]" in jihe("forms").output
    assert "[bold]乙" in jihe("show", "x").output


def test_the_installed_command_never_shows_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    words = [sys.executable, "-c", "from ui.cli.app import main; main()", "import", "x.json", "--home", str(tmp_path / "home")]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
