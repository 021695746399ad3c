"""Header and row labels with their synonyms, as data.

A template of another province or year is a new synonym here, never a branch in code. Labels are compared by `label_key`: widths, white
space, colons, numbering and bracketed remarks such as (万元), (A) or (20分) folded away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from schema.text import fold

HEAD_LABELS: Mapping[str, tuple[str, ...]] = {
    "project_name": ("项目名称", "项目(政策)名称", "政策项目名称", "专项名称", "转移支付名称", "专项资金名称", "项目及政策名称"),
    "department": ("主管部门", "主管部门及代码", "项目主管部门", "主管单位", "预算主管部门", "业务主管部门", "市级主管部门", "省级主管部门",
                   "区级主管部门", "主管预算部门", "中央主管部门", "地方主管部门", "部门名称", "预算部门", "一级预算部门"),
    "implementing_unit": ("实施单位", "项目实施单位", "项目单位", "预算单位", "资金使用单位", "填报单位", "填报单位名称", "单位名称", "项目承担单位",
                          "执行单位", "项目执行单位", "自评单位", "评价单位", "基层预算单位", "项目建设单位"),
    "fiscal_year": ("预算年度", "年度", "评价年度", "自评年度", "资金年度", "项目年度", "财政年度", "会计年度"),
    "unit_of_money": ("金额单位", "货币单位", "单位", "资金单位"),
}  # fmt: skip

OTHER_HEAD_LABELS = ("项目负责人", "负责人", "联系人", "联系电话", "电话", "项目类别", "项目类型", "项目属性", "项目性质", "项目起止时间", "起止时间",
                     "项目编码", "项目代码", "填报人", "填表人", "填表日期", "填报日期", "填报时间", "资金来源", "单位负责人", "财务负责人", "评价时间",
                     "项目分类", "项目周期")  # fmt: skip
"""Labels of the head without a slot; known where nothing but its wording tells a label from a value."""

FUNDING_HEADINGS = (
    "项目资金", "预算执行情况", "预算执行", "资金情况", "项目资金情况", "资金执行情况", "项目资金执行情况", "资金使用情况", "预算资金", "预算资金执行情况",
    "项目预算执行情况", "资金投入情况", "项目资金使用情况", "预算资金情况", "年度资金", "项目预算", "当年预算执行情况", "全年预算执行情况",
)  # fmt: skip

FUNDING_COLUMN_LABELS: Mapping[str, tuple[str, ...]] = {
    "original_budget": ("年初预算数", "年初预算", "年初预算金额", "年初批复数", "年初批复预算数", "期初预算数", "年初安排数", "年初预算安排数", "年初预算批复数"),
    "adjusted_budget": ("全年预算数", "全年预算", "调整后预算数", "调整预算数", "调整后全年预算数", "预算数", "预算金额", "全年预算金额", "年度预算数",
                        "预算调整数", "调整后预算", "全年预算安排数", "预算安排数", "本年预算数", "当年预算数", "年度预算金额"),
    "outturn": ("全年执行数", "执行数", "全年实际执行数", "实际执行数", "全年支出数", "执行金额", "实际支出数", "全年执行", "支出数", "全年执行金额",
                "年度执行数", "实际支出", "实际支出金额", "决算数", "预算执行数", "本年执行数", "当年执行数", "实际使用数"),
    "weight": ("分值", "分数", "权重", "标准分", "分值权重", "权重分值", "满分", "标准分值", "权重分"),
    "execution_rate": ("执行率", "预算执行率", "资金执行率", "执行比例", "支出率", "资金支出率", "预算完成率"),
    "score": ("得分", "自评得分", "实际得分", "自评分", "评价得分", "自评分值", "评分", "自评分数"),
}  # fmt: skip

FUNDING_ROW_LABELS: Mapping[str, tuple[str, ...]] = {
    "total": ("年度资金总额", "资金总额", "项目资金总额", "年度预算总额", "总额", "合计", "预算总额", "资金合计", "全年资金总额", "项目总金额",
              "总金额", "年度总金额", "总计", "小计", "预算资金总额", "本年资金总额", "项目总投资", "年度资金合计", "年度财政资金总额", "财政资金总额",
              "当年资金总额", "年度项目资金总额", "项目资金合计", "年度预算资金总额", "全年预算资金总额", "本年度资金总额", "项目年度资金总额"),
    "appropriation": ("当年财政拨款", "财政拨款", "本年财政拨款", "年度财政拨款", "财政资金", "当年财政资金", "一般公共预算拨款", "其中财政拨款",
                      "本年一般公共预算拨款", "财政拨款资金", "当年财政预算拨款", "一般公共预算财政拨款", "当年预算拨款", "财政性资金", "一般公共预算资金",
                      "一般公共预算", "本年财政资金", "财政预算资金", "当年拨款", "本年拨款"),
    "carryover": ("上年结转资金", "上年结转", "上年结转结余资金", "以前年度结转资金", "结转资金", "上年结余资金", "以前年度结转", "上年结转结余",
                  "结转结余资金", "上年结转和结余", "财政拨款结转", "上年财政拨款结转"),
    "other": ("其他资金", "其它资金", "其他", "其它", "其他来源资金", "其他收入", "其他来源"),
}  # fmt: skip

GOAL_LABELS: Mapping[str, tuple[str, ...]] = {
    "expected_goal": ("预期目标", "年初设定目标", "年度预期目标", "年初目标", "设定目标", "年初绩效目标", "预期绩效目标", "绩效目标", "年初预期目标",
                      "年度目标", "总体目标", "目标", "预设目标", "年初设定的绩效目标", "年度绩效目标", "年初设定绩效目标", "全年预期目标",
                      "项目绩效目标", "预期总目标", "计划目标", "总体绩效目标", "年度总体绩效目标", "项目总体绩效目标", "绩效总目标"),
    "actual_result": ("实际完成情况", "全年实际完成情况", "目标实际完成情况", "年度实际完成情况", "实际完成", "目标完成情况", "完成情况", "全年完成情况",
                      "年度目标完成情况", "绩效目标完成情况", "实际完成目标", "总体完成情况", "年度总体目标完成情况", "绩效目标实际完成情况",
                      "全年实际完成目标情况", "年度完成情况", "目标完成情况综述", "总体目标完成情况", "实际完成目标情况", "年末完成情况"),
}  # fmt: skip

GOAL_HEADINGS = ("年度总体目标", "总体目标", "年度目标", "年度绩效目标", "绩效目标", "年度总体目标完成情况", "总体目标完成情况", "项目总体目标", "年度总目标",
                 "项目年度目标", "年度绩效目标完成情况", "绩效目标完成情况", "总体绩效目标", "年度总体绩效目标", "项目总体绩效目标", "绩效总目标")  # fmt: skip

INDICATOR_COLUMN_LABELS: Mapping[str, tuple[str, ...]] = {
    "level1": ("一级指标", "一级"),
    "level2": ("二级指标", "二级"),
    "name": ("三级指标", "三级", "指标名称", "指标内容", "三级指标名称", "绩效指标名称", "具体指标"),
    "target": ("年度指标值", "指标值", "目标值", "年初指标值", "年度目标值", "预期指标值", "计划指标值", "绩效指标值", "年初设定指标值", "预期目标值",
               "年度指标", "年初目标值", "计划值", "年度预期值", "预期值", "全年指标值", "年度绩效指标值", "设定指标值", "目标指标值", "年初设定值", "数值", "值"),
    "target_sign": ("指标性质", "性质", "指标方向", "符号", "计算符号", "比较符号", "运算符号", "指标符号", "指标值类型", "关系符号"),
    "target_unit": ("度量单位", "计量单位", "指标单位", "单位"),
    "actual": ("实际完成值", "全年实际完成值", "完成值", "实际完成指标值", "实际值", "全年完成值", "实际完成情况", "年度实际完成值", "实际完成",
               "指标完成值", "年度完成值", "实际完成指标", "全年实际值", "自评完成值", "指标实际完成值", "完成指标值", "实际完成数"),
    "weight": ("分值", "分数", "权重", "标准分", "满分", "指标分值", "指标权重", "分值权重", "权重分值", "标准分值", "权重分", "分值设定"),
    "score": ("得分", "自评得分", "实际得分", "自评分", "评价得分", "指标得分", "自评分值", "评分", "自评分数"),
    "deviation": ("偏差原因分析及改进措施", "偏差原因分析", "未完成原因及拟采取措施", "未完成原因和改进措施", "偏差原因及改进措施", "备注", "原因分析",
                  "未完成原因分析及改进措施", "未完成原因及改进措施", "未完成原因分析", "偏差原因", "改进措施", "扣分原因", "失分原因",
                  "扣分原因及改进措施", "未完成原因", "偏差分析及改进措施", "偏差原因分析与改进措施", "未完成原因和拟采取措施", "偏离原因分析及改进措施",
                  "原因及措施", "未完成原因分析及拟采取的改进措施", "偏差原因分析及整改措施", "偏差情况说明", "未完成或偏离原因分析", "原因分析及改进措施",
                  "偏差及未完成原因分析", "完成情况说明", "说明", "未完成或偏离绩效目标的原因及改进措施", "偏差原因和改进措施"),
}  # fmt: skip

INDICATOR_HEADINGS = ("绩效指标", "年度绩效指标", "绩效指标完成情况", "年度绩效指标完成情况", "指标", "绩效目标指标", "项目绩效指标")

TOTAL_LABELS = ("总分", "合计", "总计", "总得分", "合计得分", "总分合计", "自评总分", "得分合计", "分数合计", "总评分", "小计", "自评得分合计", "总分值",
                "合计总分", "综合得分")  # fmt: skip
GRADE_LABELS = ("评分等级", "自评等级", "评价等级", "等级", "绩效等级", "评定等级", "自评结果", "评级", "自评结论", "评价结果", "绩效自评等级", "自评结果等级",
                "绩效评价等级", "评价结论等级", "综合评价等级")  # fmt: skip

GRADE_WORDS = ("优", "良", "中", "差", "优秀", "良好", "中等", "较差", "合格", "基本合格", "不合格")
"""What a grade reads, for where it is printed without a label, in the total row."""

TITLE_WORDS = ("自评表", "自评价表", "自评情况表", "自评报告表", "自我评价表", "自评打分表", "自评结果表")
"""What the title of a form ends in, brackets aside."""

LEVEL1_LABELS = ("成本指标", "产出指标", "效益指标", "满意度指标")
LEVEL2_LABELS = ("经济成本指标", "社会成本指标", "生态环境成本指标", "数量指标", "质量指标", "时效指标", "成本指标", "经济效益指标", "社会效益指标",
                 "生态效益指标", "可持续影响指标", "服务对象满意度指标")  # fmt: skip
LEVEL1_SYNONYMS = ("成本", "产出", "效益", "满意度", "满意指标", "效果指标", "影响力指标", "管理指标", "过程指标", "决策指标", "投入指标", "履职效益指标",
                   "项目效益指标", "项目效益", "项目产出", "预算执行", "预算执行率", "预算执行率指标")  # fmt: skip
LEVEL2_SYNONYMS = ("数量", "质量", "时效", "经济效益", "社会效益", "生态效益", "可持续影响", "环境效益指标", "可持续发展指标", "可持续影响力指标",
                   "满意度", "满意度指标", "服务对象满意度", "受益对象满意度指标", "社会公众满意度指标", "社会公众或服务对象满意度指标",
                   "服务对象或社会公众满意度指标", "帮扶对象满意度指标", "受益群众满意度指标", "公众满意度指标", "用户满意度指标", "社会成本", "经济成本",
                   "生态环境成本", "生态成本指标", "环境成本指标", "政治效益指标", "预算执行率", "预算执行率指标")  # fmt: skip
"""Level labels of other templates: kept as printed, known only so that halves cut by a page break can be told from whole labels."""

RESULT_LABELS = ("达成指标", "达成预期指标", "达成年度指标", "全部或基本达成指标", "全部或基本达成预期指标", "基本达成指标", "基本达成预期指标",
                 "部分达成指标并具有一定效果", "部分达成预期指标并具有一定效果", "部分达成年度指标并具有一定效果",
                 "未达成指标且效果较差", "未达成预期指标且效果较差", "未达成年度指标且效果较差")  # fmt: skip
"""What the result of a qualitative indicator reads, by the bands of the central template and their usual variants."""

LEVEL2_OF_LEVEL1 = (
    ("成本", r"^成本|经济成本|社会成本|生态成本|环境成本"), ("产出", r"数量|质量|时效|^成本"), ("效益", r"经济效益|社会效益|生态效益|环境效益|可持续"),
    ("满意", r"满意"),
)  # fmt: skip
"""What level-1 and level-2 labels that belong together hold; to tell under which of two labels a row stands, never to supply one."""

_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
_LEADING = re.compile(r"^(?:其中[:]?|[一二三四五六七八九十]+[,.、]|\(?\d+\)?[,.、](?!\d))")
_POINTS = re.compile(r"[(\[](?:权重|分值|满分|共)?:?(\d+(?:\.\d+)?)(?:分|%)?[^()\[\]\d]*(?:[)\]]|(?<=分))$")
MONEY_UNITS = ("亿元", "万元", "千元", "百元", "元")
_MONEY = re.compile("|".join(MONEY_UNITS))


LONGEST_LABEL = 80
"""Characters beyond which a text is no label; long titles are just below."""

LONGEST_COLUMN_LABEL = 24
"""Characters beyond which patterns are not tried: goals and deviations hold the same words."""


@lru_cache(maxsize=8192)
def label_key(text: str | None) -> str:
    """The text of a label cell reduced to what synonyms are compared by; empty where there is none or it is too long for a label."""
    if text is None or len(text) > LONGEST_LABEL:
        return ""
    key = fold(text)
    while True:
        bare = _LEADING.sub("", _BRACKETS.sub("", key)).strip(":.,;*")
        if bare == key:
            return key
        key = bare


FUNDING_COLUMN_PATTERNS = (
    ("execution_rate", r"执行率|支出率"), ("original_budget", r"年初.*(预算|批复|安排)"), ("outturn", r"执行数|支出数"), ("adjusted_budget", r"预算数|预算金额"),
)  # fmt: skip
GOAL_PATTERNS = (("actual_result", r"完成情况|完成综述"), ("expected_goal", r"(预期|年初|设定|计划).*目标"))
INDICATOR_COLUMN_PATTERNS = (
    ("deviation", r"偏差|偏离|未完成.*原因|原因.*措施"), ("score", r"得分$"), ("weight", r"^(分值|权重)|(分值|权重)$"),
    ("actual", r"(完成|实际)(指标)?值"), ("target", r"(指标|目标)值"), ("name", r"^三级指标"),
)  # fmt: skip
"""What a label that no synonym matches is taken for; the first pattern found counts."""


class Labels:
    """Which field a label names: by its synonyms, else by the first pattern found in it."""

    def __init__(self, synonyms: Mapping[str, tuple[str, ...]], patterns: tuple[tuple[str, str], ...] = ()) -> None:
        self._known: dict[str, str | None] = {label_key(word): name for name, words in synonyms.items() for word in words}
        self._patterns = [(name, re.compile(pattern)) for name, pattern in patterns]

    def get(self, key: str) -> str | None:
        """The field that a label key names; None where it names none."""
        if key not in self._known and 2 < len(key) <= LONGEST_COLUMN_LABEL:
            return next((name for name, pattern in self._patterns if pattern.search(key)), None)
        return self._known.get(key)

    def exact(self, key: str) -> str | None:
        """The field of which a key is a synonym, patterns aside."""
        return self._known.get(key)

    def __contains__(self, key: str) -> bool:
        return self.get(key) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)


HEAD = Labels(HEAD_LABELS)
FUNDING_COLUMN = Labels(FUNDING_COLUMN_LABELS, FUNDING_COLUMN_PATTERNS)
FUNDING_ROW = Labels(FUNDING_ROW_LABELS)
GOAL = Labels(GOAL_LABELS, GOAL_PATTERNS)
INDICATOR_COLUMN = Labels(INDICATOR_COLUMN_LABELS, INDICATOR_COLUMN_PATTERNS)
HEADINGS = frozenset(map(label_key, (*FUNDING_HEADINGS, *GOAL_HEADINGS, *INDICATOR_HEADINGS)))
FUNDING_HEADING = frozenset(map(label_key, FUNDING_HEADINGS))
GOAL_HEADING = frozenset(map(label_key, GOAL_HEADINGS))
RESULTS = frozenset(map(fold, RESULT_LABELS))
OTHER_HEAD = frozenset(map(label_key, OTHER_HEAD_LABELS))
TOTAL = frozenset(map(label_key, TOTAL_LABELS))
GRADE = frozenset(map(label_key, GRADE_LABELS))
LEVELS = frozenset(fold(label) for label in (*LEVEL1_LABELS, *LEVEL2_LABELS, *LEVEL1_SYNONYMS, *LEVEL2_SYNONYMS))
ALL_LABELS = frozenset({*HEAD, *FUNDING_COLUMN, *FUNDING_ROW, *GOAL, *INDICATOR_COLUMN, *HEADINGS, *TOTAL, *GRADE, *LEVELS})
"""Keys of every label that is known by its wording."""


def level1_suits(level1: str, level2: str) -> bool | None:
    """Whether a level-2 label stands under this level-1 label in the usual classification; None where that does not say."""
    known = [key for key, _ in LEVEL2_OF_LEVEL1 if key in level1]
    owners = [key for key, pattern in LEVEL2_OF_LEVEL1 if re.search(pattern, level2)]
    return any(key in owners for key in known) if known and owners else None


def strip_points(text: str) -> str:
    """A level label without the points some templates print behind it: 产出指标(50分) -> 产出指标."""
    return text[: len(text) - _points_length(text)]


def printed_points(text: str | None) -> str | None:
    """The points printed in brackets at the end of a heading: 预算执行情况(20分) -> 20; None where there are none."""
    match = _POINTS.search(fold(text))
    return match[1] if match and "%" not in match[0] else None


def money_unit(text: str | None) -> str | None:
    """The money unit named in a text: 项目资金（万元） -> 万元."""
    match = _MONEY.search(fold(text))
    return match[0] if match else None


def _points_length(text: str) -> int:
    """How many characters at the end of the text, as printed, are bracketed points."""
    match = _POINTS.search(fold(text))
    if not match:
        return 0
    # Folding drops white space only, which labels do not hold; count back over the same characters.
    wanted, seen, i = len(match[0]), 0, len(text)
    while seen < wanted and i > 0:
        i -= 1
        seen += len(fold(text[i]))
    return len(text) - i
