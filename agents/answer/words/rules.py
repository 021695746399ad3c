# ruff: noqa: E501 - tables of patterns
"""Rules of the checker as questions put them, and what forms do not hold. Data only; patterns over normalised text."""

from __future__ import annotations

import re

_MET = r"(?:达标|达到|达成|完成|满足|超额完成|超过)(?:了)?(?:目标|指标值?|要求)?|目标(?:明明|已经|都|已|也)*(?:达到|达成|完成|实现)了?|\bmet\b|reached|achieved|fulfilled"
_CUT = r"少(?:了|掉)(?:些|点)?分|掉(?:了)?分|减(?:了|掉)?分(?![配辨析])|(?:扣|丢|失)(?:掉|了|去)*(?:\d+)?分|没(?:有)?(?:给|拿|得)到?满分|被扣|(?:los[et]|losing|deducted?|cut) (?:\w+ )?(?:points|marks)|points (?:lost|deducted)|penali[sz]ed"
_REASON = r"(?:偏差)?(?:的)?(?:原因|理由|说明|解释)(?:分析)?(?:那?一?(?:栏|列|格|项))?"
_BLANK = rf"{_REASON}[^。?!;,]{{0,4}}?(?:只字未|只字没|一个字没|一片空白|是空白|空空如也)(?:写|提|说|填)?|{_REASON}(?:却|又|都|也|是|还)*(?:空|没(?:有)?(?:写|填|说|给|交代)|未(?:写|填|说明|作|做|给)|缺|留白|什么都没)|(?:没|没有|未|不)(?:写|填|给|作|做|交代|任何)*(?:出)?(?:任何)?(?:的)?(?:偏差)?(?:原因|理由|说明|解释)|(?:无|空着)(?:偏差)?原因|no (?:reason|explanation)|without (?:\w+ ){{0,3}}?(?:reason|explanation|explaining)|(?:reason|explanation)s? (?:is|are|was|were|left|column|cell)(?: \w+){{0,3}} (?:blank|empty|missing)|unexplained"
MISSED = r"(?:其实|明明)?(?:没|没有|未|未能)做到(?:目标|指标|要求)(?:值)?|(?:没|未)(?:够|够着|及)(?:目标|指标值?)|(?:没|没有|未|未能|没能)(?:按时|全部)?(?:完成|达到|达标|达成|实现)(?:了)?(?:目标|指标值?|任务)?|(?:没|未)到目标|missed|not (?:met|achieved|reached)|fell short"
_FULL = r"满分|没(?:有)?(?:被)?扣分|未(?:被)?扣分|不扣分|照样给分|full (?:marks|score|points)"
_WRONG = r"(?:算|填|写|标|印|弄|搞)错|不(?:符|对|一致|等|相等|相符|匹配|吻合|统一)|对不上|有误|有出入|矛盾|冲突|打架|错误|虚高|离谱|说不通|wrong|incorrect|mismatch\w*|inconsistent|disagree\w*|does ?n[o']t (?:match|add up|agree)|do(?:es)? not (?:match|add up|agree)|don't (?:match|add up|agree)|contradict\w*|differ\w*"
WRONG = re.compile(rf"(?:{_WRONG})(?:的(?:情况|地方|问题))?")
"""What a question about a finding calls it: never a name, however much it sounds like one."""
_GAP = r"[^。?!;]{0,24}?"
_SENTENCES = re.compile(r"[。?!;]|\.(?=\s|$)")


class Together:
    """Words that all stand in one sentence, in whatever order."""

    def __init__(self, *groups: str) -> None:
        self._groups = tuple(re.compile(group) for group in groups)

    def search(self, text: str) -> bool:
        """Whether a sentence of the text holds a word of every group."""
        return any(all(group.search(sentence) for group in self._groups) for sentence in _SENTENCES.split(text))


def _both(one: str, other: str) -> str:
    return rf"(?:{one}){_GAP}(?:{other})|(?:{other}){_GAP}(?:{one})"


MET_DEDUCTED = re.compile(rf"(?:{_MET}){_GAP}(?:{_CUT})")
UNEXPLAINED = re.compile(_both(_CUT, _BLANK))
BLANK_REASON = re.compile(_BLANK)

RULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (rule, re.compile(pattern))
    for rule, pattern in (
        ("missed-full-score", rf"(?:{MISSED}){_GAP}(?:{_FULL})|(?:{_FULL}){_GAP}(?:{MISSED})"),
        ("goal-direction", r"方向[^。?!;]{0,12}?(?:反|错|相反|颠倒)|(?:写|标|填|弄|搞|设)反|(?:wrong|opposite|reversed?|inverted) direction|direction[^.?!]{0,30}(?:wrong|opposite|reversed|contradict)|wrong way (?:round|around)"),
        ("result-copies-goal", rf"(?:完成情况|总结|结果|完成)(?:\w{{0,6}})?(?:照抄|抄袭|抄|复制|照搬|原样|一字不差|一模一样|雷同|重复){_GAP}(?:目标)|目标和(?:完成情况|结果){_GAP}(?:一样|相同|雷同|一字不差)|(?:照抄|照搬|复制)了?(?:预期|年度|绩效)?目标(?!值)|(?:result|achievement)s?[^.?!]{{0,30}}cop(?:y|ies|ied)[^.?!]{{0,20}}goals?"),
        ("actual-copies-target", rf"(?:完成值|实际值){_GAP}(?:照抄|抄|复制|照搬|一模一样){_GAP}(?:指标值|目标值)|cop(?:y|ies|ied) (?:of )?(?:the |its |their )?target"),
        ("narrative-number", rf"(?:文字|总结|叙述|正文|描述|文中|完成情况)(?:部分|里|中|说|写|的){_GAP}(?:数|数量|数字|数据)?{_GAP}(?:{_WRONG}|不同|打架)|(?:narrative|text|summary)[^.?!]{{0,60}}(?:{_WRONG})"),
        ("money-unit", rf"(?:万元){_GAP}(?:按|是|用|以|当成?|当作)(?:的)?元|(?:万元|元)(?:和|与|跟|同|、)(?:万元|元)(?:搞|弄|写|填)?(?:混|反|错)|(?:按|以|用)元(?:来)?(?:填|写|算|录|计){_GAP}(?:万元)|(?:金额|货币|资金)的?单位{_GAP}(?:{_WRONG}|可疑|疑|反|混)|(?:unit of money|money unit|currency unit|万元)[^.?!]{{0,40}}(?:yuan|wrong|really in|doubtful|suspicious)|(?:amounts?|figures?) in (?:yuan|元)[^.?!]{{0,30}}(?:万元|ten thousand)"),
        ("weight-sum", rf"(?:分值|权重)(?:的)?(?:加起来|合计|之和|总和|相加|加总|总计){_GAP}(?:不是|不等于|不到|不为|超过|{_WRONG})|weights? (?:do|does)?[^.?!]{{0,12}}(?:not|n't) (?:add up|sum)"),
        ("score-over-weight", r"得分(?:\w{0,3})?(?:超过|大于|高于|超出|超|比)(?:了)?(?:分值|满分|权重)|得分(?:是|为)?负|scores? (?:above|over|exceed\w*|higher than|greater than) (?:the |its |their )?(?:weight|maximum)"),
        ("score-sum", rf"(?:各项|单项|分项|指标)?(?:得分|分数)(?:的)?(?:加起来|合计|之和|总和|相加|加总){_GAP}(?:{_WRONG}|不是)|总分{_GAP}(?:{_WRONG}|加错)|scores? (?:do|does)?[^.?!]{{0,12}}(?:not|n't) (?:add up|sum)"),
        ("execution-score", rf"(?:预算)?执行(?:率)?(?:的|这一?项)?(?:得分|分数|分){_GAP}(?:{_WRONG}|多给|多算|虚高|给高|给多)|execution score[^.?!]{{0,30}}(?:{_WRONG})"),
        ("execution-rate", rf"执行率(?:的)?(?:计算)?(?:{_WRONG})|执行率{_GAP}(?:算错|计算错误|{_WRONG})|execution rates?[^.?!]{{0,30}}(?:{_WRONG}|miscalculated)"),
        ("funding-sum", rf"(?:总额|资金总额){_GAP}(?:来源|分项|拨款|各项|明细){_GAP}(?:{_WRONG})|(?:来源|分项|拨款|明细){_GAP}(?:相加|之和|加起来|合计){_GAP}(?:{_WRONG})|funding (?:rows|sources)[^.?!]{{0,30}}(?:{_WRONG})"),
        ("over-execution", r"超(?:出|过)?了?(?:全年)?预算(?!了?多少|[数大小高低])|超支|(?:执行数?|支出|花的?钱?|花费)(?:\w{0,3})?(?:超过|大于|高于|超出|超|多于|比)了?(?:全年|调整后|总)?(?:的)?预算数?|over-?spent|overspend\w*|spent more than (?:the|its|their) budgets?|exceed(?:s|ed|ing)? (?:the |its |their )?(?:adjusted )?budgets?"),
        ("grade-band", rf"等级{_GAP}(?:{_WRONG}|评高|评低|虚高)|(?:grade|rating)s?[^.?!]{{0,40}}(?:{_WRONG})"),
        ("over-fulfilment", r"(?:大幅|远远?|严重|明显|过度)(?:地)?(?:超额|超过|超出|超)(?:完成)?(?:了)?(?:目标|指标)?|超额(?:完成)?(?:得)?(?:太|过|很|好)多|超(?:出|过)(?:了)?(?:目标|指标值?)(?:很多|太多|一大截|好多|不少)|(?:指标|目标)(?:值)?(?:定|设|订)(?:得|的)?(?:太|过|偏)低|(?:far|well) (?:exceed\w*|above|over) (?:the |its |their )?targets?|over-?fulfil\w*"),
        ("budget-revised", r"预算(?:\w{0,2})?(?:调整|变动|变化|调增|调减|增减)(?:的)?(?:幅度)?(?:过大|太大|很大|较大|大|超过(?:三成|30%|百分之三十))|调整幅度|(?:large|big|major|heavy) budget (?:revision|adjustment|change)s?|budgets? (?:\w+ )?(?:heavily|greatly|much) (?:revised|changed)"),
        ("low-execution", r"执行率(?:都|是|比较|普遍|明显)?(?:偏低|过低|太低|较低|不高|低(?!于|到|过|不低))|执行不力|(?:low|poor|weak) (?:budget )?execution(?: rates?)?(?! score)"),
        ("unit-mismatch", rf"(?:计量|度量|指标)?单位(?:前后|写得|填得)*{_GAP}(?:不一致|不统一|对不上|不同|不匹配)|(?:different|mismatch\w*|inconsistent) units?|units? (?:mismatch\w*|differ\w*|do not match)"),
        ("deadline-year", r"(?:期限|时限|截止(?:日期|时间)?|完成(?:时间|日期|时限)|日期|年份){_GAP}(?:不在|别的年|其他年|往年|去年|上一?年|不是(?:本年|当年)|不对|写错|过期|对不上)".replace("{_GAP}", _GAP) + r"|deadlines?[^.?!]{0,30}(?:another|other|wrong|different) year"),
        ("vacuous-target", r"(?:没有?|无|缺乏)(?:任何|什么|实际)?约束力|形同虚设|(?:≤|<=|不超过|小于等于)100%(?:的)?(?:这种|这样的)?(?:目标|指标)|(?:vacuous|meaningless|empty) targets?"),
        ("zero-weight", r"(?:分值|权重)(?:是|为|等于|写|填|标)*(?:0|零)(?![.\d])|零分值|不占分|zero[- ]weight|weights? (?:of|is|are) (?:0|zero)"),
        ("duplicate-indicator", r"(?:指标)(?:名称?)?(?:有|存在)?(?:重复|重名|重了|写了两遍|出现(?:了)?(?:两|2)次)|重复(?:的)?指标|(?:duplicate|repeated)d? indicators?"),
        ("missing-category", r"(?:缺少?|没有|没设|漏了?|未设)(?:设置?|设|列|了|任何)*(?:成本|满意度|效益|产出)(?:类|这一?类)?(?:的)?(?:一级)?指标|(?:missing|lack\w*|without) (?:an? |any )?(?:cost|satisfaction|benefit|output) (?:indicator|categor)\w*"),
        ("category-weights", r"(?:一级指标|各级指标|四类指标)(?:的)?(?:分值|权重)(?:分配|设置)?[^。?!;]{0,8}?(?:不符|不同|不合|异常|不一样|偏)|unusual (?:category )?weights"),
        ("missing-field", r"(?:必填|该填的|应填的?)[^。?!;]{0,10}?(?:没填|空|漏|未填|缺)|漏填|没填(?:全|完整|写完)|(?:required|mandatory) (?:field|cell)s?[^.?!]{0,20}(?:missing|blank|empty)|missing (?:required )?fields?|(?:表头|项目名称|年度|总分)(?:都)?(?:没填|漏填|未填)"),
        ("qualitative-band", r"定性(?:指标)?[^。?!;]{0,14}?(?:分档|档次|档位|区间|不符|不在|给分|打分)|qualitative[^.?!]{0,40}(?:band|range)"),
        ("kind-mismatch", r"(?:目标|指标值)(?:是|填|写)[^。?!;]{0,6}?数字?[^。?!;]{0,10}?(?:填|写|是)[^。?!;]{0,6}?文字|一(?:个|边)?是?数字一(?:个|边)?是?文字|numeric target[^.?!]{0,30}(?:text|words)"),
        ("score-formula", r"得分[^。?!;]{0,10}?(?:不按|没按|未按)(?:照)?比例|比例[^。?!;]{0,6}?(?:算|计算)[^。?!;]{0,6}?(?:不符|对不上|不对)|not proportional"),
        ("sibling-conflict", r"(?:两张|不同的?|几张|同单位|同一单位)[^。?!;]{0,10}?(?:表)?[^。?!;]{0,10}?同一?(?:个|项|指标|数)[^。?!;]{0,10}?(?:不一致|不同|矛盾|打架|对不上|不一样)|(?:two|different) forms[^.?!]{0,40}(?:same (?:indicator|measure|figure))[^.?!]{0,30}(?:differ|conflict|disagree)"),
    )
)  # fmt: skip

_COPIED = r"照抄|抄(?:了|的|袭|一遍|过来)|复制|照搬|搬(?:了)?过来|粘贴|原样|原封不动|一字(?:不|没|未)(?:差|改|动|变|落)|一模一样|完全(?:一样|相同|一致)|雷同|重复|\bcop(?:y|ies|ied)|verbatim|word for word|identical|the same text"
_GOAL = r"(?:年度|总体|绩效|预期|年初)?目标(?!值)|goals?\b|objectives?\b"
_RESULT = r"完成(?:的)?情况|实际完成|完成结果|实现情况|结果|总结|成效|实绩|results?\b|achievements?\b|accomplish\w*"
_CUT_ANYHOW = rf"{_CUT}|没(?:有)?(?:给|打|拿|得)(?:到)?满|没(?:有)?给全"
_BLANK_ANYHOW = rf"{_BLANK}|(?:没|未)[^。?!;,]{{0,8}}?(?:原因|说明|解释)[^。?!;,]{{0,6}}?(?:写|填|说|提)|(?:原因|说明)[^。?!;,]{{0,6}}?(?:没|未)(?:有)?(?:写|填|说|提|讲)"
MET_DEDUCTED_ANYHOW = Together(
    r"达标|(?:达到|达成|完成|满足|做到|实现)(?:了)?(?:目标|指标|要求)|(?:目标|指标)[^。?!;]{0,6}?(?:达到|达成|完成|实现|做到)|\bmet\b|reached|achieved|fulfilled",
    _CUT_ANYHOW,
)
UNEXPLAINED_ANYHOW = Together(_CUT_ANYHOW, _BLANK_ANYHOW)
TOGETHER: tuple[tuple[str, Together], ...] = (
    (
        "goal-direction",
        Together(r"目标|goal", r"至少|不少于|不低于|不小于|at least|no less", r"最多|不超过|不高于|不大于|以内|≤|<=|at most|no more"),
    ),
    ("result-copies-goal", Together(_COPIED, _GOAL, _RESULT)),
    (
        "zero-weight",
        Together(
            r"分值|权重|weights?\b",
            r"(?:填|写|标|印|是|为|给|设|记|打)(?:了|的|成|个)*\s?(?:0(?![.\d])|零)|挂零|归零|零分值|(?:不给|没给|没设|不设|不占|没配|不配)(?:任何)?(?:分值|权重|分)|\bzero\b|\b0\b(?![.\d%])",
        ),
    ),
    (
        "execution-score",
        Together(
            r"(?:预算)?执行",
            r"得分|分数|打分|给分|评分|[打给](?:了|的)*(?:多少)?分|score",
            rf"(?:算|给|打|填)(?:得|的)?(?:错|多|高)|{_WRONG}",
        ),
    ),
    (
        "missed-full-score",
        Together(
            MISSED,
            r"满分|分[^。?!;,]{0,3}?(?:一点|一分|半分|丝毫)?(?:都|也)?没少(?:给|拿|得)?|没(?:有)?(?:被)?扣分|未(?:被)?扣分|不扣分|一分(?:都)?(?:没|未)扣|full (?:marks|points|score)|no (?:points|marks) (?:were )?(?:lost|deducted)",
        ),
    ),
    ("execution-rate", Together(r"执行率|execution rate", r"算|计算|除|calculat\w+|comput\w+", rf"(?:算|除)(?:得|的)?错|{_WRONG}")),
    (
        "narrative-number",
        Together(
            r"文字|总结|叙述|正文|描述|文中|那?段话|完成情况(?:里|中|说明|那)|narrative|summary",
            r"数字|数目|数量|数据|个数|多少|figures?\b|numbers?\b",
            r"表格|指标|表(?:里|中)|实际值|完成值|table|indicator",
            _WRONG,
        ),
    ),
    (
        "money-unit",
        Together(
            r"万元|金额单位|货币单位|unit of money|money unit",
            r"(?:其实|实际|应该|疑似|明显|像|按|是|当成?)[^。?!;]{0,6}?(?<!万)(?<!亿)元|really yuan|in yuan",
            r"印|标|写|填|错|疑|反|混|不对|print\w*|wrong|doubt\w*|suspicious",
        ),
    ),
    ("grade-band", Together(r"等级|评级|grade|rating", r"分数|得分|总分|score", _WRONG)),
    (
        "weight-sum",
        Together(
            r"分值|权重|weights?\b",
            r"加起来|合计|之和|总和|相加|加总|add up|sum",
            rf"不(?:是|到|足|够|满|等于|为)(?:于)?\s?(?:100|一百)|{_WRONG}",
        ),
    ),
)
"""The same rules by the words that any way of putting them needs."""

ANY_FINDING = re.compile(
    r"(?:查出|检查|校验|审核|核对|发现|存在|有)(?:了|出|到)*(?:哪些|什么|多少|啥)?(?:的)?(?:勾稽|逻辑|填报|硬|明显)?(?:错误|差错|问题|毛病|疑点|硬伤)|填错|"
    r"\b(?:errors?|findings?|mistakes?|problems?) (?:were |was |are |did )?(?:found|in|with|of)"
)
"""Any rule at all."""

NOT_IN_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (word, re.compile(pattern))
    for word, pattern in (
        ("合同金额", r"合同(?:是|有)?(?:多少|几)(?:钱|万|元)|合同(?:价款?|金额|额|总价|总额|编号|期限|签|是(?:跟|和|与)谁)|签(?:了|订|约)[^。?!;]{0,6}?合同|contract (?:price|value|amount|sum|number|was signed|signed|date)"),
        ("中标单位", r"中标|中了标|投标|招标|评标|废标|采购方式|供应商(?!满意)|服务商是|承建商|承包商|施工方|外包给|乙方|(?:哪|什么)(?:家|个)?公司|who won|(?:winning )?bidd?er|won the (?:bid|tender|contract)|supplier|vendor|contractor|(?:which|what) (?:\w+ ){0,2}?(?:company|firm|companies|firms)\b|contracted (?:to|out)|names? of the (?:\w+ ){0,2}?(?:companies|firms)"),
        ("承办方", r"(?:请|找|委托|聘请?|外包)(?:的|了|给)?(?:是)?(?:哪|什么)(?:一)?(?:家|个|所)|哪(?:一)?(?:家|所)(?:律|事务|公司|厂|企业|机构)"),
        ("联系方式", r"电话(?:号码|是多少|多少)|联系(?:人|方式|电话)|手机号|邮箱|微信号|传真|邮编|phone number|e-?mail address|contact (?:person|details|number)"),
        ("负责人", r"(?:项目)?负责人|经办人|填表人|(?:局长|主任|科长|处长|书记|领导)(?:是谁|叫什么|姓)|谁签的?字|person in charge|who (?:is|was) (?:the )?(?:head|director|manager)"),
        ("地址", r"地址|(?:(?<![差丢扣失输卡出花用问落少栽])在|位于)(?:哪里|哪儿|什么地方|哪条路|几楼|哪个位置)|门牌|开在哪|address\b|where (?:is|are|was) .{0,30}located"),
        ("收费标准", r"收费|收(?:多少|几)(?:钱|块|元)|收[^。?!;]{0,4}?(?:几|多少)块?(?:钱|元)|资费|票价|tariff|(?:parking|service) fees? (?:per|an)|how much .{0,20}charge"),
        ("办理时间", r"(?:几点|什么时候|何时)(?:开门|关门|上班|下班|营业)|开放时间|营业时间|opening hours"),
        ("工资待遇", r"工资|薪水|薪资|月薪|年薪|奖金(?:多少|是)|待遇|salar(?:y|ies)|wages?\b"),
        ("品牌型号", r"(?:什么|哪个|哪种|啥)(?:品牌|牌子|型号|厂家)|brands?\b|model number"),
        ("审计意见", r"审计(?:意见|报告|结论|机构)|巡视(?:组|意见)|audit (?:opinion|report)"),
        ("天气", r"天气|气温|weather (?:in|like|today|forecast)"),
        ("股价", r"股价|股票|汇率|stock price|exchange rate"),
        ("以后年度的计划", r"明年|后年|下一?年度?的?(?:预算|计划|目标)|next year|预测|forecast"),
    )
)  # fmt: skip
"""What a question may ask and no form has a place for, in words for the answer. Counts only where no name and no indicator says it."""

UNDATED = re.compile(r"去年|前年|上一?年度?(?!结转|结余)|last year|the year before|previous year")
"""Years that a store cannot know: it holds forms of several, and none of them is now."""
