"""What answers say, in both languages: names of measures and fields, and phrases with slots."""

from __future__ import annotations

from agents.answer.query import Language

LABELS: dict[str, tuple[str, str]] = {
    "original_budget": ("年初预算数", "original budget"),
    "adjusted_budget": ("全年预算数", "adjusted budget"),
    "outturn": ("全年执行数", "outturn"),
    "execution_rate": ("执行率", "execution rate"),
    "budget_score": ("预算执行得分", "budget execution score"),
    "budget_weight": ("预算执行分值", "budget execution weight"),
    "total_score": ("总得分", "total score"),
    "total_weight": ("总分值", "total weight"),
    "lost_points": ("失分", "points lost"),
    "unspent": ("未执行数", "unspent amount"),
    "budget_cut": ("预算调减额", "budget cut"),
    "budget_rise": ("预算调增额", "budget increase"),
    "budget_change": ("预算调整幅度", "change of the budget"),
    "budget_gap": ("年初与全年预算之差", "gap between original and adjusted budget"),
    "budget_lost": ("预算执行失分", "points lost on budget execution"),
    "lost_rows": ("失分指标数", "number of indicators that lost points"),
    "form_count": ("项目数", "number of projects"),
    "grade": ("评分等级", "grade"),
    "fiscal_year": ("年度", "fiscal year"),
    "department": ("主管部门", "department"),
    "implementing_unit": ("实施单位", "implementing unit"),
    "unit_of_money": ("金额单位", "unit of money"),
    "expected_goal": ("年度总体目标", "expected goal"),
    "actual_result": ("完成情况", "actual result"),
    "indicator_count": ("指标数", "number of indicators"),
    "project_name": ("项目名称", "project name"),
    "target": ("年度指标值", "target"),
    "actual": ("实际完成值", "actual"),
    "weight": ("分值", "weight"),
    "score": ("得分", "score"),
    "lost": ("失分", "points lost"),
    "score_rate": ("得分率", "share of points"),
    "deviation": ("偏差原因分析及改进措施", "explanation"),
    "level1": ("一级指标", "level 1"),
    "level2": ("二级指标", "level 2"),
    "name": ("三级指标", "indicator"),
    "said": ("表中所写", "what the form says"),
    "project": ("项目", "Project"),
    "year": ("年度", "Year"),
    "indicator": ("指标", "Indicator"),
    "finding": ("核对结果", "Finding"),
    "quote": ("原文", "Quoted"),
    "cell": ("单元格", "Cell"),
    "group": ("分组", "Group"),
    "value": ("数值", "Value"),
}
FUNCTIONS: dict[str, tuple[str, str]] = {
    "sum": ("合计", "total"),
    "mean": ("平均", "average"),
    "min": ("最小", "minimum"),
    "max": ("最大", "maximum"),
    "median": ("中位数", "median"),
    "overall": ("整体", "overall"),
    "gap": ("差额", "difference"),
    "count": ("", ""),
}
VERDICTS: dict[str, tuple[str, str]] = {
    "met": ("达到目标", "met the target"),
    "missed": ("没有达到目标", "missed the target"),
    "unknown": ("不能由数值判断", "cannot be judged by figures"),
}
GROUPS_EN: dict[str, str] = {
    "机构改革与职能划转": "institutional reform and transferred functions",
    "预算与资金": "budget and funds",
    "需求或计划变化": "changed demand or plans",
    "外部单位与业务制约": "other bodies and limits of the business",
    "技术故障": "technical faults",
    "系统易用性与培训": "usability and training",
    "管理与机制不足": "weak management and rules",
    "人员": "staff",
    "工期": "schedule",
    "指标设置": "badly set targets",
    "没有写原因": "no reason given",
    "其他说明": "other explanations",
    "预算执行得分": "budget execution score",
    "年中调减预算": "budget cut during the year",
    "预算执行率偏低": "low execution rate",
    "应急预案与演练": "emergency plans and drills",
    "人员与培训": "staff and training",
    "数据开放与共享": "opening and sharing data",
    "业务流程与技术对接": "processes and technical integration",
    "项目与过程管理": "project and process management",
    "机制与制度": "rules and mechanisms",
    "服务质量与满意度": "service quality and satisfaction",
}
UNITS_EN = {"分": "points", "个百分点": "percentage points", "个": ""}
PHRASES: dict[str, tuple[str, str]] = {
    "is": ("{name}的{label}为 {value}。", "{name}: {label} {value}. "),
    "row": ("{name}的指标“{row}”{mark}：{values}。", "{name}, indicator “{row}”{mark}: {values}. "),
    "rows": ("共 {n} 项符合，列表如下{marks}。", "{n} row(s) fit, as listed{marks}. "),
    "ambiguous": ("“{said}”可以指 {n} 个项目，分别列出{marks}。", "“{said}” may mean {n} project(s); each is listed{marks}. "),
    "ambiguous-plain": ("问题可以指 {n} 个项目，分别列出{marks}。", "The question may mean {n} project(s); each is listed{marks}. "),
    "list": ("符合条件{by}的项目有 {n} 个{marks}。", "{n} project(s) fulfil the conditions{by}{marks}. "),
    "list-rows": (
        "符合条件{by}的指标有 {rows} 项，属于 {n} 个项目{marks}。",
        "{rows} indicator(s) of {n} project(s) fulfil the conditions{by}{marks}. ",
    ),
    "list-none": ("看过 {n} 张表，没有找到符合条件{by}的项目。", "Of {n} forms, none fulfils the conditions{by}; not found. "),
    "count": ("共有{n}{marks}。", "In all: {n}{marks}. "),
    "aggregate": ("{n} {what}的{label}{function}为 {value}{marks}。", "The {function} {label} of {n} {what} is {value}{marks}. "),
    "exact": ("精确值为 {value}{marks}。", "Exactly {value}{marks}. "),
    "group": ("{group}：{n} 个，{function} {value}{marks}。", "{group}: {n}, {function} {value}{marks}. "),
    "places": ("数值相同的并列，只占一个名次。", "Equals share one place. "),
    "without": ("不含“{said}”。", "Without “{said}”. "),
    "first": ("只看了{label}最{end}的 {n} 张表。", "Only the {n} form(s) with the {end} {label} were looked at. "),
    "worst": (
        "表很多，预算执行只列出失分最多的 {n} 张。",
        "There are very many forms; of the budgets only the {n} that lost most are listed. ",
    ),
    "beside": (
        "所看 {n} 张表的{label}{function}为 {value}{marks}。",
        "The {function} {label} of the {n} forms looked at is {value}{marks}. ",
    ),
    "rank-one": ("{label}{end}的是{name}，为 {value}。", "{name} has the {end} {label}: {value}. "),
    "rank-nth": ("{label}{end}的有并列的 {n} 个{marks}。", "{n} share the {end} {label}{marks}. "),
    "rank": ("按{label}从{order}排列，依次列出 {n} 个{marks}。", "By {label}, {order}: {n} listed in order{marks}. "),
    "rank-groups": (
        "按{label}{function}从{order}排列，{n} 组依次如下{marks}。",
        "By {function} {label}, {order}: {n} group(s) in order{marks}. ",
    ),
    "rank-group": (
        "{label}{function}{end}的是{name}（{n} 个项目），为 {value}{marks}。",
        "{name} ({n} project(s)) has the {end} {function} {label}: {value}{marks}. ",
    ),
    "overall": (
        "{n} 个项目合计的执行率（全年执行数合计 ÷ 全年预算数合计）为 {value}{marks}。",
        "The overall execution rate of {n} projects (total outturn ÷ total adjusted budget) is {value}{marks}. ",
    ),
    "also": ("{label}：{told}，相差 {value}{marks}。", "{label}: {told}, {value} apart{marks}. "),
    "apart": ("{one}与{other}相差 {value}{marks}。", "{one} and {other} are {value} apart{marks}. "),
    "side": ("{name}{function}为 {value}（{n} 个）{marks}。", "{name}: {function} {value} ({n}){marks}. "),
    "side-one": ("{name}为 {value}。", "{name}: {value}. "),
    "difference": ("{first}比{second}{more} {value}{marks}。", "{first} is higher than {second} by {value}{marks}. "),
    "equal": ("两者相同{marks}。", "They are equal{marks}. "),
    "years-differ": (
        "两边不是同一批单位，只供参考{marks}。",
        "The sides are of different units; their figures compare only roughly{marks}. ",
    ),
    "right": ("对：", "Yes: "),
    "wrong": ("不对：", "No: "),
    "untold": ("表中的数据不足以判断：", "The form does not settle it: "),
    "not-claim": ("表中印的不是 {claim}{marks}。", "What is printed is not {claim}{marks}. "),
    "cause": (
        "看过 {judged} 条偏差说明，因{topic}失分的有 {n} 个项目、{rows} 项指标，共失 {points} 分{marks}。",
        "Of {judged} explanations, {n} project(s) ({rows} indicator(s)) lost points to {topic}, {points} points in all{marks}. ",
    ),
    "cause-none": (
        "看过 {judged} 条偏差说明，没有找到写明因{topic}失分的项目。",
        "Of {judged} explanations, none says that points were lost to {topic}; not found. ",
    ),
    "related": (
        "以下 {n} 个项目的说明与此相关，但没有写明{marks}：",
        "Related, but not in so many words: {n} project(s){marks}. ",
    ),
    "loss": (
        "{name}的指标“{row}”{mark}分值 {weight}，得分 {score}，失 {lost} 分。",
        "{name}, indicator “{row}”{mark}: weight {weight}, score {score}, {lost} lost. ",
    ),
    "full": (
        "{name}的指标“{row}”{mark}分值 {weight}，得分 {score}，没有失分。",
        "{name}, indicator “{row}”{mark}: weight {weight}, score {score}; nothing lost. ",
    ),
    "figures": ("年度指标值 {target}，实际完成值 {actual}。", "Target {target}, actual {actual}. "),
    "says": ("表中写的是：{quote}。", "The form says: {quote}. "),
    "only-measures": (
        "这里只写了改进措施，没有写明原因{marks}。",
        "It only says what will be done, not the cause; no reason given{marks}. ",
    ),
    "silent": ("偏差原因一栏为空，没有说明原因{marks}。", "The explanation is empty: no reason given{marks}. "),
    "no-reason": ("表中没有说明原因，不作推测{marks}。", "The form does not say why, and nothing is made up{marks}. "),
    "explained": ("{n} 项失分的说明列表如下{marks}。", "The explanations of {n} loss(es) are listed{marks}. "),
    "budget": (
        "{name}的执行率为 {rate}，预算执行得分 {score}（分值 {weight}）。",
        "{name}: execution rate {rate}, budget score {score} (weight {weight}). ",
    ),
    "finding": ("有 {n} 个项目、{rows} 处{rules}{marks}。", "{n} project(s), {rows} place(s): {rules}{marks}. "),
    "finding-none": ("核对 {n} 张表，没有找到{rules}的情况。", "Of {n} forms, none was found with: {rules}. "),
    "summary": ("看过 {n} 张表，失分说明归纳如下{marks}。", "Across {n} forms, the reasons for lost points are{marks}: "),
    "directions": ("看过 {n} 张表，写明的改进措施归为以下方向{marks}。", "Across {n} forms, the measures named aim at{marks}: "),
    "fulfilment": ("共有 {n} 项相符的指标{marks}。", "{n} indicator(s) fit{marks}. "),
    "verdict": ("{n} 项{verdict}{marks}。", "{n} {verdict}{marks}. "),
    "texts": ("看过 {n} 张表，有 {rows} 张写到{marks}。", "Of {n} forms, {rows} speak of it{marks}. "),
    "unknown": ("没有找到：{what}。", "Not found in the forms: {what}. "),
    "holds": ("库中现有 {n} 张自评表，年度为 {years}。", "The store holds {n} forms, of {years}. "),
    "offered": ("库中有的是：{names}。", "What there is: {names}. "),
    "empty-store": ("库中还没有自评表。请先用 jihe ingest 导入文件。", "There are no forms yet. Import some with jihe ingest. "),
    "no-form": ("没有找到{said}的自评表。", "No form of {said} was found. "),
    "no-row": ("没有找到与{said}相符的指标{marks}。", "No indicator like {said} was found{marks}. "),
    "no-value": ("{names}没有填写{label}{marks}。", "{names}: {label} is not given; the cell is blank{marks}. "),
    "no-text": ("看过 {n} 张表，没有找到写到{said}的内容。", "Of {n} forms, none speaks of {said}; not found. "),
    "doubtful-out": (
        "金额单位存疑（印着万元，疑按元填写），没有计入：{names}。",
        "Left out, since their unit of money is doubtful: {names}. ",
    ),
    "doubtful-shown": (
        "{name}的金额单位存疑：印着{unit}，疑按元填写；{label} {printed} 疑为 {likely} 万元。",
        "{name}: the unit of money is doubtful: printed in {unit}, probably in yuan; {label} {printed} is probably {likely} 万元. ",
    ),
    "no-unit-out": ("没有印金额单位，没有计入：{names}。", "Left out, since no unit of money is printed: {names}. "),
    "blank-out": ("没有填写该项，没有计入：{names}。", "Left out, since the cell is blank: {names}. "),
    "unit-out": ("该项没有可比的数值，没有计入：{names}。", "Left out, since there is no comparable value: {names}. "),
    "not-lost": ("说明中提到但没有失分（得分等于分值）：{names}。", "Spoken of, but without loss (score equals weight): {names}. "),
    "unexplained": ("另有 {n} 项失分没有写原因（如{marks}）。", "{n} further losses have no explanation (such as {marks}). "),
    "causes-overlap": ("同一条说明可以归入几类，各类不能相加。", "One explanation may belong to several kinds; they do not add up. "),
    "more": ("还有 {n} 行没有列出。", "{n} more row(s) are not listed. "),
    "table-only": ("以下是查到的原文。", "These are the cells that were found. "),
}


def label(key: str, language: Language) -> str:
    """What a measure, a field or a column is called."""
    pair = LABELS.get(key)
    return key if pair is None else pair[language == "en"]


def phrase(key: str, language: Language, **slots: object) -> str:
    """A phrase with its slots filled."""
    return PHRASES[key][language == "en"].format(**slots)


def listed(words: list[str], language: Language) -> str:
    """Words one after another."""
    return (", " if language == "en" else "、").join(words)


def unit_name(unit: str | None, language: Language) -> str:
    """A unit behind a number; English answers say points."""
    if not unit:
        return ""
    told = UNITS_EN.get(unit, unit) if language == "en" else unit
    return told if told == "%" else f" {told}"


def group_name(name: str, language: Language) -> str:
    """What a group is called; English answers keep the Chinese name beside it."""
    return f"{GROUPS_EN[name]} ({name})" if language == "en" and name in GROUPS_EN else name
