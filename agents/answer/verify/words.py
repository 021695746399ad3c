# ruff: noqa: E501 - tables of patterns
"""Words by which answers are read when they are checked: names of cells, cues of arithmetic, of order and of denial. Data only."""

from __future__ import annotations

import re

_FORM_SCORE, _ANY_SCORE = ("total_score",), ("total_score", "score", "budget_score")
LABELS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"预算执行得分|执行得分|budget(?: execution)? score", ("budget_score",)),
    (r"预算执行分值|budget(?: execution)? weight", ("budget_weight",)),
    (r"预算执行率|执行率|执行进度|execution rate|rate of execution", ("execution_rate",)),
    (r"自评总分|自评得分|自评分数?|总得分|总评分|总分(?!值)|self-evaluation scores?|total scores?|overall scores?", _FORM_SCORE),
    (r"得分|分数|评分(?!等级)|(?<!budget )(?<!execution )(?<!total )(?<!overall )(?<!evaluation )\bscor(?:e|es|ed|ing)\b", _ANY_SCORE),
    (r"总分值|满分|total weight|full marks", ("total_weight", "weight", "budget_weight")),
    (r"(?<!总)分值|权重|\bweight(?:ed|s)?\b", ("weight", "budget_weight", "total_weight")),
    (r"年初预算数?|年初(?:安排|的)?(?!预算)|original budgets?|initial budgets?", ("original_budget",)),
    (r"全年预算数?|调整后的?预算数?|调整后(?=[为是])|年度预算|adjusted(?: annual)? budgets?|annual budgets?", ("adjusted_budget",)),
    (
        r"(?<!年初)(?<!全年)(?<!年度)(?<!调整后)(?<!调整后的)预算(?!执行|数?执行)|(?<!original )(?<!initial )(?<!adjusted )(?<!annual )\bbudgets?\b(?! execution| score| weight)",
        ("original_budget", "adjusted_budget"),
    ),
    (r"全年执行数|执行数|执行了|实际支出|支出|花了|花费|花掉|用掉|\boutturns?\b|\bspent\b|\bspending\b|\bexpenditures?\b", ("outturn",)),
    (r"年度指标值|指标值|目标值?|\btargets?\b", ("target",)),
    (r"实际完成值|完成值|实际(?!支出|得)|\bactual(?:ly)?\b", ("actual",)),
    (r"完成了|做到|达到了?|\breach(?:ed|es)\b|\bachieved\b|\bdelivered\b", ("*",)),
    (r"失分|扣分|丢分|失去|失了?|扣了?|丢了?|\blost\b|\blos(?:es|ing|s)\b|\bdeduct(?:ed|ions?)\b", ("lost",)),
    (r"未执行数?|结余|没有?花完|未支出|\bunspent\b|left over", ("unspent",)),
)
"""Names of number cells, and the fields they may mean; lost and unspent are reckoned, * is a verb that may speak of any."""

CUES: dict[str, str] = {
    "sum": r"合计|总共|共计|总计|总和|总额|加起来|一共|累计|共(?![同性有享])|\bsum\b|\btotal(?:s|l?ing)?\b(?! score| weight)|\baltogether\b|\bcombined\b|\bin all\b|\btogether\b",
    "mean": r"平均|均值|均为|\baverages?\b|\bmean\b",
    "median": r"中位数|\bmedian\b",
    "difference": r"差|(?<!最)(?<!提)(?<!是否)高(?!于|到|低)|(?<!最)(?<!降)低(?!于|到)|(?<!最)(?<!不)多(?!少|个)|(?<!最)(?<!不)(?<!多)少(?!于)|增加|减少|追加|调增|调减|提高|下降|超出|剩|结余|未执行|未支出|失|扣|丢|领先|落后|\bdiffer|\bgap\b|\bhigher\b|\blower\b|\bmore\b|\bless\b|\bfewer\b|\blost\b|\bloss\b|\bloses\b|\bapart\b|\bunspent\b|\bahead\b|\bbehind\b|\bshort\b|\bcut\b|\bby\s*\Z|\brose\b|\bincreased?\b|\bdecreased?\b",
    "share": r"占(?!比)",
    "rise": r"追加|调增|增加|\brose\b|\bincreased?\b",
    "fall": r"调减|减少|压减|\bcut\b|\bdecreased?\b",
    "range": r"至(?!少|多|今)|(?<![达做得收受])到|~|之间|\brang|\bbetween\b|\bfrom\b",
    "ratio": r"占|占比|比例|比重|倍|\bshare\b|\btimes\b|\bratio\b|\baccounts? for\b|执行率|execution rate|[增降跌]幅|增长|\bof (?:its|the|their) (?:[a-z]+ )?budget",
}
"""Cues that a number is reckoned from others."""

ABOUT = r"大?约|大概|左右|上下|接近|将近|近|\babout\b|\baround\b|\broughly\b|\bnearly\b|\bapproximately\b|\bsome\b|~"
LEAST = r"不低于|不少于|不小于|至少|≥|\bat least\b|\bno less than\b"
MOST = r"不超过|不高于|不大于|不多于|至多|≤|\bat most\b|\bno more than\b"
OVER = r"(?<!不)超过|(?<!不)高于|(?<!不)大于|(?<!不)多于|逾|>|\bover\b|\bmore than\b|\babove\b|\bhigher than\b|\bgreater than\b|\bexceed(?:s|ed|ing)?\b"
UNDER = r"(?<!不)低于|(?<!不)小于|(?<!不)少于|不足|不到|未到|未满|<|\bunder\b|\bless than\b|\bbelow\b|\blower than\b|\bfewer than\b"
OVER_AFTER, UNDER_AFTER = r"以上|\bor more\b|\bor above\b", r"以下|以内|\bor less\b|\bor below\b"

HIGHEST = r"最高|最好|最多|最大|最长|居首|\bhighest\b(?! first| to\b)|\blargest\b|\bgreatest\b|\bbiggest\b|\bmost\b(?! of)|\btops?\b(?= the)|\bbest\b"
LOWEST = r"最低|最差|最少|最小|最短|垫底|\blowest\b(?! first| to\b)|\bsmallest\b|\bleast\b(?<!at least)|\bfewest\b|\bworst\b"
GREATER = r"(?<!最)(?<!提)高于|(?<!最)大于|(?<!最)多于|超过|领先于?|\bhigher than\b|\bgreater than\b|\bmore than\b|\bexceeds?\b|\bahead of\b|\babove\b"
SMALLER = r"(?<!最)低于|小于|(?<!最)少于|不及|落后于?|\blower than\b|\bless than\b|\bfewer than\b|\bbelow\b|\bbehind\b"
MORE, FEWER = r"(?<!最)(?<!提)[高多大]", r"(?<!最)(?<!降)[低少小]"
FALLING_ORDER = r"从高到低|由高到低|降序|从多到少|从大到小|highest first|descending|from (?:the )?(?:highest|largest)"
RISING_ORDER = r"从低到高|由低到高|升序|从少到多|从小到大|lowest first|ascending|from (?:the )?(?:lowest|smallest)"

NO_LOSS = r"(?:没有?|未|无)(?:被)?(?:任何)?(?:失分|扣分|丢分|失|扣|丢)(?!.{0,4}说明)|得了?满分|拿了?满分|no points? (?:were |was )?(?:lost|deducted)|lost no points?|without (?:any )?loss|full marks|lost nothing|nothing (?:was )?lost"
NO_REASON = r"(?:没有?|未|无)(?:写明|说明|给出|填写|写|交代)(?:[^，。；]{0,60})(?:原因|理由|说明)|(?:原因|说明)[^，。；]{0,6}(?:为空|空白|空着|未填)|no reason|no explanation|gives? no (?:reason|explanation)|(?:left |is )blank"
MISSED = r"(?:没有?|未能?|尚未)(?:达到|达成|完成|实现)(?:年度)?(?:目标|指标)?|未达标|missed (?:its|the) target|(?:not|n't) (?:meet|reach|met|reached)|fell short of (?:its|the) target"
MET = r"(?<!没)(?<!没有)(?<!未)(?<!未能)(?:达到|达成|完成|实现)了?(?:年度)?目标|(?<!未)达标|\b(?:met|reached|meets) (?:its|the) target"
LOST = r"失分|扣分|丢分|被扣|\blost points?\b|\bpoints? (?:were |was )?(?:lost|deducted)"

CAUSE = r"因为?|由于|受|源于|在于|原因[是为在于]*|due to|because(?: of)?|owing to|as a result of|attributed to"
CAUSE_END = r"(?:影响|原因)?(?:而|被|，|,|。|；|;|失|扣|丢|导致|致使|所致|\n|$|\()"
RESPECTIVE = r"分别|依次|respectively"
PRONOUN = r"该项目|其中?|它|上述项目|this project|\bits?\b"
WHOLLY = r"全部(?:执行|支出|花完|用完)|执行完毕|全额(?:执行|支出)|fully (?:spent|executed)"
IN_WORDS = (
    r"[零一二两三四五六七八九十百千]+(?:点[零一二三四五六七八九]+)?(?:万|亿)?"
    r"(?:元|分(?![别部布析类公中点之比])|倍|成(?![为立果本员功绩效])|个百分点)"
    r"|一半|半数|翻[番倍]|\bhalf\b|\btwice\b|\bdoubled?\b"
)
"""Quantities in Chinese numerals: no cell prints them so, and they are not read."""
NEGATED = r"不是|并非|不等于|没有达到|未达|\bnot\b|\bn't\b"

COUNTED = {
    "forms": r"(?:个|项)?项目|张?自评表|张表|张|家|forms?\b|projects?\b|reports?\b",
    "rows": r"项?指标|个指标|处|条|indicators?\b|items?\b|rows?\b|places?\b|explanations?\b",
    "either": r"[个项](?![月百年])|者",
}
"""What counts count."""
OF_ALL = r"(?:在|看过|核对|查阅|全部|所有|共有|库中|现有|总共|of(?: the| all)?|among(?: the)?|across(?: the)?|checked|holds)\s*\Z"
UNIT_TAIL = r"(?:委员会|管理局|办公室|服务中心|(?<!同)[一-龥]中心|[一-龥]{1}局(?![限面部])|研究院|(?<!支)[一-龥]队|公司|集团|学校|医院|街道办?|[一-龥]厅(?!日常)|政府(?!雇员|采购|购买))"
NAME_TAIL = r"(?:[一-龥]项目|经费|工程|专项|[一-龥]{2}服务费|保障金|[一-龥]{2}平台|[一-龥]{2}系统|运维费?|建设费?)"
GENERIC = re.compile(
    r"(?:该|本|此|这个?|那个?|各|某|每个?|哪个|其他|其余|这些|上述|两个|三个|多个|的|有|为|和|与|中|些|及|个|项|位|家|前|后|批|类|是|在|由|按|对|从|到|以|计|余|最|低|高|多|少|大|小|出|失分|扣分)*\Z"
)

PLAIN = (
    "的 了 是 为 在 有 和 与 及 以 并 而 且 但 也 都 均 共 其 其中 该 各 这 那 此 上述 以下 如下 分别 依次 按 由 从 到 至 于 则 即 即为 就是 属 属于 为止 里 内 中 上 下 "
    "项目 指标 自评表 自评 表 表中 表格 表里 单位 部门 主管 主管部门 实施 实施单位 预算 执行 执行率 数 数据 金额 支出 年初 全年 年度 调整 得分 分值 失分 扣分 丢分 总分 等级 评分 等级为 目标 实际 完成 完成值 指标值 "
    "原因 说明 偏差 措施 改进 填写 写 写明 写道 写到 写的是 没有 未 无 不 不是 并非 显示 可见 可知 根据 依据 来看 看 总体 整体 情况 方面 部分 主要 具体 结果 数值 名称 文件 记录 内容 印 印着 "
    "最高 最低 最多 最少 最大 最小 高 低 多 少 大 小 高于 低于 超过 不足 不到 多于 少于 差 相差 差距 差额 比 相比 相较 较 较为 更 更高 更低 达 达到 约 大约 左右 近 接近 合计 总计 共计 总共 一共 总和 平均 均值 中位数 占 占比 比例 倍 "
    "排名 排在 位列 位居 第一 第二 第三 名 前 后 首位 末位 依次为 从高到低 从低到高 由高到低 由低到高 排列 排序 顺序 之后 之间 两者 二者 三者 个 项 张 条 处 家 种 类 次 年 分 元 万元 亿元 百分点 个百分点 "
    "因 因为 由于 受 影响 导致 造成 所致 而 被 失 扣 丢 拿 获 获得 得 得到 得了 拿到 取得 给出 给 花 花了 用 用了 支 执行了 只 仅 仅有 只有 还 另 另有 另外 此外 同时 所以 因此 对应 涉及 包括 包含 列 列出 符合 符合条件 条件 满足 一 两 二 三 四 五 六 七 八 九 十 "
    "疑 存疑 疑为 疑似 可能 应 应为 实为 计入 不计入 请 见 参见 见下表 下表 查到 找到 没有找到 满分 差值 高出 低出 领先 落后 增加 减少 追加 调减 调增 结余 未执行 剩余 所有 全部 每 等 等等 或 或者 即使 虽 虽然 然而 不过 却 最终 目前 当年 本年 本 自 自身 "
    "填报 填的 填报的 填为 印为 印的 列为 记为 评为 评定 评定为 给自己 打 打了 打分 负责 承担 组织 由此 可以 可 能 会 已 已经 曾 需 需要 要 又 再 才 便 仍 仍然 依然 一栏 栏 为空 空白 空着 数字 计算 加起来 求 求得 之和 之差 表现 最好 最差 其次 再次 明显 显著 仅为 均为 其余 整体 综上 "
)
"""Chinese words that answers may use freely; what is left must be said by a cell or the question."""
ENGLISH_FREE = (
    "the of by in for from on at to and or with this that these its it is are was were project projects form forms indicator indicators unit units "
    "department year fiscal points rmb yuan percent score original adjusted budget outturn execution rate total average mean sum difference among of all "
    "compared both each only no none according grade target actual weight explanation reason cause china chinese however overall in their they there most least "
    "highest lowest while whereas by contrast between together combined altogether ranked first second third next last then as since because due implementing "
)
