# ruff: noqa: E501 - tables of patterns
"""Words of questions, as data: measures and fields with their synonyms, comparators, functions, ranking. Patterns over normalised text."""

from __future__ import annotations

import re
from typing import TypeVar

from agents.answer.query import Comparator, Field_, Function, Measure

T = TypeVar("T")


def _compiled(table: tuple[tuple[T, str], ...]) -> tuple[tuple[T, re.Pattern[str]], ...]:
    return tuple((name, re.compile(pattern)) for name, pattern in table)


def either(*words: str) -> re.Pattern[str]:
    """One pattern of words parted by spaces."""
    return re.compile("|".join(words))


_LOST = r"失分|丢分|扣分|掉分|减(?:掉|去|了)?分(?![配辨析])|少(?:了|掉)(?:些|点)?分|分(?:数)?(?:也|都|就)?(?:跟着)?(?:少了|掉了|没拿满)|失掉|丢掉?了?(?:多少|几|的)?分|扣掉?了?(?:多少|几|的)?分|失了?(?:多少|几)?分|扣去|少拿|少得"
_NOT_ALL = r"没(?:能)?拿到(?:手)?的分|丢掉的分|分(?:数)?(?:就)?(?:这么)?(?:没了|丢了|流失|白丢)|(?:没有?|未能?|不是|没能|非|不)(?:给?拿|得|获得?|打|给)?到?了?满分|(?:一|半)分(?:都|也)?[没未](?![扣丢失少被])|(?:没|未)得分|(?:丢|失|扣|少)(?:掉|去)?了?[\d一二两三四五六七八九十.]+分"
LOST = re.compile(
    rf"{_LOST}|{_NOT_ALL}|得分(?:低于|小于|少于|不到|没到|不足)(?:了)?(?:分值|满分|权重)|(?:栽|折|亏|败)在|被扣(?:掉|了|去)*分?|扣在|丢在|失在|(?:los[et]|losing) (?:\w+ ){{0,2}}?(?:points?|marks?)|(?:points?|marks?) (?:were |was |are )?(?:lost|deducted)|deduct(?:ed|ions?)"
    r"|marked down|cost (?:\w+ ){0,4}?(?:marks?|points?)|(?:not|n't) (?:get|receive|earn) full (?:marks|points|score)|short of full"
)
"""That points are missing. The longest words of the table of measures stand before it."""

MEASURES: tuple[tuple[Measure, re.Pattern[str]], ...] = _compiled(
    (
        ("original_budget", r"年初(?=(?:和|与|跟|同|、)(?:全年|年度|调整后)(?:的)?预算)|(?<=预算)(?:和|与|跟|同)年初(?=不?(?:一样|相同|一致|相等))|(?:从|比|较|相比|和)年初(?!预算|报|批|申)|年初(?:报|批|申报|编|核|定)(?:上来|下来)?(?:的|了)(?:预算|资金|金额|数)|年初(?:一共|总共)?(?:给|批|安排|核定|定|下达)(?:了|的)?(?:多少)?(?:钱|资金)?|年初(?:的)?(?:预算|批复|安排|资金|核定|计划)(?:数|金额|额|资金)?|期初预算|原(?:来的)?预算|原始预算|original(?:ly)? (?:approved )?budget|initial budget|budget at the start"),
        ("unspent", r"结余|节余|剩余(?:资金|预算)?|剩下(?:的|了)?(?:多少)?(?:钱|资金)?|(?:还|账上|账面|各)?剩(?:的|了)?(?:多少)?(?:钱|资金)|剩得|各剩|(?:还|都)剩(?:了)?多少|(?:没|未)(?:有)?(?:花完|用完|花掉|用掉|执行完|执行的?(?:资金|预算|金额))(?:的?(?:钱|资金))?|(?:没|未)(?:能)?(?:花|用|支|拨)(?:出去|得出去)(?:的?(?:钱|资金|预算|经费))?|unspent|left ?over|unused (?:budget|funds)|underspen[dt]"),
        ("lost_rows", rf"(?:失分|扣分|丢分)(?:的|了的)?(?:三级)?指标(?:的)?(?=最[多少])|(?:{_LOST}|{_NOT_ALL}|(?:没|未)(?:能)?(?:拿|得|获)?(?:到)?满分)(?:了|的)*(?:三级)?指标(?:的)?(?:条数|项数|个数|数量|数目|数)|(?:失分|扣分|丢分)(?:的)?(?:项|点)(?:数)?(?=最|多|有多少|有几)|(?:失分|扣分|丢分|没(?:拿|得)到?满分)(?:的)?(?:三级)?指标(?:的)?(?:数)?(?=(?:有|在)?(?:超过|不少于|至少|多于|达到|大于|不足|少于)\d+(?:项|个|条))|number of indicators (?:that )?(?:lost|with lost|losing) (?:points|marks)"),
        ("budget_lost", r"(?:预算)?执行(?:率|数|情况)?(?:这|那)?(?:一?[项栏块格])?(?:部分|方面|上|里)?(?:的)?(?:失分|扣分|丢分|(?:扣|丢|失)(?:掉|了)*(?:多少|几)?分)|points lost on (?:budget )?execution"),
        ("budget_change", r"(?:预算)?(?:的)?(?:调整|增减|变动|变化|浮动)(?:的)?(?:幅度|比例)|(?:调整|增减|变动)(?:得)?(?:最(?:大|厉害|多))|(?:size|extent) of the budget (?:change|revision)"),
        ("budget_score", r"(?:预算)?执行率?(?:这一?项)?(?:的)?(?:得分|分数|得了(?:多少|几)分|拿了(?:多少|几)分)|budget (?:execution )?score|score for (?:budget )?execution"),
        ("execution_rate", r"花钱(?:的)?(?:进度|速度|快慢)|(?:钱|资金|预算)?(?:执行|花|用)(?:到|了)(?:百分之)?(?:多少|几)(?:成|%)?(?=$|[了?,。])|(?:钱|资金|预算|经费)(?:花|用|执行)(?:到|了)百分之几|预算执行得(?=更|最|好|怎)|(?:预算|资金|支出)?(?:的)?执行率|预算执行(?:情况|进度)|支出进度|(?:资金|支出|预算)完成率|(?:钱|资金|经费|预算)?花得(?:最|更|比较)?[快慢]|(?:budget )?(?:execution|spending|implementation) rates?|rates? of (?:budget )?execution|budget execution|execution"),
        ("outturn", r"(?:全年)?(?:实际)?执行(?:数|金额|额)|执行了(?:多少)?|实际支出(?:数|金额|额)?|支出(?:数|金额|总额|额)|支出|花(?:掉|了|费|销|钱|出去)+(?:的?(?:多少)?(?:钱|资金|经费))?|用(?:掉|了|去)(?:的?(?:多少)?(?:钱|资金|经费|万元?|亿元?))|(?:实际)?使用(?:资金|金额)|开销|(?:实际)?开支|(?:花|用)(?:的)?钱(?!都|进度|的进度|速度)|(?:用掉|花掉|砸|烧|投)(?:了|进去|出去)*(?:多少|几)|最能花|money (?:really |actually )?spent|outturn|spent|spend(?:ing)?|expenditure|executed amount"),
        ("adjusted_budget", r"全年(?=(?:和|与|跟|同|、)年初(?:的)?预算)|(?:全年|调整后(?:的)?(?:全年)?|年度|当年|总)(?:的)?预算(?:数|金额|规模|总额|额|资金)?|资金总额|预算(?:数|金额|规模|总额|额|资金|总量|盘子)?|批了(?:多少钱)?|拨款|经费(?:有)?多少|多少经费|资金(?:量|规模|有?多少)|(?:adjusted|revised|full-year|annual|total|final)(?: (?:adjusted|annual|full-year|revised))* budgets?|budgets?|funding"),
        ("lost_points", rf"(?:{_LOST})|(?:离|距|距离|够)满分[^。?!;]{{0,6}}?差|(?:满分|100分?|一百分?)(?:减|减去|扣掉|扣除)(?:自评)?(?:的)?(?:总得分|总分|得分)|(?:扣|丢|失)(?:掉|去)?了(?=(?:超过|至少|不到|不少于|多于|大于|不足)?[\d一二两三四五六七八九十.]+分)|points? lost|lost points?|(?:lose|lost|losing) (?:\w+ )?points?|deductions?"),
        ("total_weight", r"分值合计|总分值|合计分值|total weight"),
        ("total_score", r"(?<=平)均分(?![值配散])|自评(?:的)?(?:总分|得分|分数|分|成绩)|(?:自评|评价|评分)?总(?:得|评)?分|综合得分|得分|评分(?!等级)|打(?:的)?分(?!数)|(?:得|拿|打|评|考)(?:到|了)*(?:多少|几)分|(?:多少|几)分|分数|成绩|(?:self-evaluation )?(?:total |overall |final )?scores?|scored|total points"),
        ("grade", r"(?:评分|自评|绩效|评价|评定)?(?:的)?(?:等级|等第|评级)|什么(?:等|级)|评了个?什么|grades?|ratings?|rated"),
        ("department", r"(?:主管|预算)(?:的)?(?:部门|单位)|哪个(?:主管)?部门|归(?:谁|哪个部门)管|谁主管|(?:competent |supervising |budget |line )?(?:department|ministry|authority)"),
        ("implementing_unit", r"(?:the )?(?:body|organi[sz]ation|agency) that (?:\w+ )?(?:implemented|ran|carried)|(?:实施|执行|承担|填报|预算)单位|(?:由)?(?:哪个|哪家|什么|谁)(?:单位|机构)?(?:来)?(?:负责)?(?:具体)?(?:实施|承担|执行|落实)(?![率数进情得])的?|(?:是|由)(?:哪个|哪家|什么)单位|谁(?:家|负责|做)的?|(?:which|what) (?:unit|agency|organi[sz]ation|body)|who (?:implement(?:ed|s)|carried out|runs?)|implement(?:ing unit|er|ed by)"),
        ("fiscal_year", r"(?:哪|什么|何)(?:一)?(?:个)?年(?:度|份)?|预算年度|which (?:fiscal )?year|what (?:fiscal )?year"),
        ("unit_of_money", r"金额单位|货币单位|(?:单位)?是万元还是元|(?:单位)?是元还是万元|unit of money|money unit|currency unit"),
        ("expected_goal", r"(?:年度|年初|总体|预期|绩效|设定)(?:的)?(?:总体|绩效|预期)?目标(?!值)|目标是(?:什么|啥)|(?:expected|annual|performance|overall) (?:goals?|objectives?)|(?:the|its|their) (?:goals?|objectives?)"),
        ("actual_result", r"(?:目标|实际|年度|总体)(?:的)?完成(?:的)?情况|完成情况|完成得(?:怎么样|如何|咋样)|(?:实际|到底|都|具体)?(?:做|干|办)了(?:哪些|些什么|什么|啥)(?:工作|事)?|成果|成效|actual results?|what (?:was|were) (?:done|achieved|accomplished|delivered)|accomplish(?:ed|ments?)"),
        ("indicator_count", r"(?:有|设了?|设置了?|列了?|共|定了?)?(?:多少|几)(?:个|条|项)(?:绩效|三级|考核)?指标|(?<!分)(?:三级)?指标(?:设|列|定)?(?:置)?(?:得|了|的)?(?:数量|个数)?(?=最[多少]|更[多少])|指标(?:的)?(?:数量|个数|条数|总数)|how many (?:performance )?indicators|number of indicators"),
    )
)  # fmt: skip
"""Of two that begin at one place the longer counts, then the earlier."""

FIELDS: tuple[tuple[Field_, re.Pattern[str]], ...] = _compiled(
    (
        ("target", r"目标(?:值)?|指标值|(?:当初|原来|年初|计划|原定|预定|要求)?(?:定|设|要求|计划|订)(?:的|了|为|在)*(?:多少|几|的)?(?:是)?|应(?:该)?(?:达到|完成)|targets?|targeted|planned"),
        ("actual", r"读了|换了|办成|用上|实际(?:完成)?(?:值|数|数量|情况)?|完成(?:值|了|情况|得)|做到|达到|做了|办了|搞了?|发了|实现|结果|actual(?:ly)?|reach(?:ed)?|achiev(?:ed|ement)|deliver(?:ed)?|complet(?:ed|ion)"),
        ("weight", r"分值|权重|满分(?:是|为)?(?:多少|几)?(?:分)?|占(?:多少|几)?分|值(?:多少|几)分|weights?|worth|maximum (?:score|points)"),
        ("score", r"得分|(?:得|拿|打|评)(?:到|了)*(?:多少|几)?分|(?:多少|几)分|分数|scores?|scored|points (?:got|earned)"),
        ("score_rate", r"得分率|得分占(?:分值|比)|share of points"),
        ("lost", r"(?:丢|失|扣|(?<!多)少)(?:掉|去|拿|得)?了?(?:多少|几)?分|失分|扣分|丢分|lost|deducted"),
        ("deviation", r"(?:偏差|扣分|失分|未完成|丢分)?(?:的)?原因(?:分析)?|(?:改进|整改|后续|补救|拟采取)(?:的)?措施|说明|解释|交代|reasons?|explanations?|(?:corrective |improvement )?measures|tightened|improved"),
        ("level1", r"一级指标|level-?1"),
        ("level2", r"二级指标|level-?2"),
    )
)  # fmt: skip

FUNCTIONS: tuple[tuple[Function, re.Pattern[str]], ...] = _compiled(
    (
        ("overall", r"(?:整体|总体|综合|合计|总的?|加权(?:平均)?|合起来的?)(?:的)?(?:预算|资金)?(?:的)?(?:执行率|支出进度|执行进度)|执行数?(?:的)?(?:合计|总和|总额|加总)[^。?!;]{0,6}?(?:除以|÷|/|占|比)|overall (?:budget )?(?:execution|spending)(?: rate)?|(?:what|which) (?:percentage|share|proportion) of (?:the |its |their )?(?:total |overall |whole )?budgets?"),
        ("median", r"中位数|median"),
        ("mean", r"平均(?:值|数|分|水平)?|均值|均分|人均|average|mean\b|on average"),
        ("sum", r"共(?=(?:被|有)?(?:扣|丢|失)(?:掉|了|去)*(?:多少|几))|(?:合|凑|加|算)(?:起来|下来|拢)|(?:合|凑|加|算)(?:到|在)(?:一块儿?|一起|一处)|全部相加|逐(?:份|个|张)[^。?!;]{0,14}(?:相加|累加)|加(?:起来|在一起|总|和)|累计|累加|合计(?:起来)?|总共|一共|总计|总和|之和|总额|共计|拢共|总的|总量|加一?块儿?|(?:in |the )?total(?:s|led|ling)?\b(?! (?:score|weight|point))|sum of|summed|altogether|combined|add(?:s|ed)? up"),
        ("max", r"最大值|maximum\b(?! score)"),
        ("min", r"最小值|minimum\b"),
    )
)  # fmt: skip

HIGHEST = r"最能[花用]|大头|最[高多大快好](?!限)|最(?:狠|厉害|凶|猛|严重|突出|彻底)|居首|第一名?|排名?第一|榜首|领先|冠军|\b(?:top|highest|largest|biggest|most|greatest|best|maximum|fastest|first place)\b"
LOWEST = r"最[低少小慢差](?!限)|最(?:不好看|难看|糟糕?|弱)|垫底|靠后|落后|倒数|末位|最后(?:一)?名|排(?:在)?最后|末尾|吊车尾|\b(?<!at )(?:lowest|smallest|tiniest|slimmest|least|bottom|fewest|worst|slowest|minimum)\b"
RISING = r"(?:从|由)?[低少小](?:到|往|至)[高多大]|升序|从最[低少小]的?(?:开始)?|ascending|from (?:the )?(?:lowest|smallest)|lowest first"
FALLING = r"(?:从|由)?[高多大](?:到|往|至)[低少小]|降序|从最[高多大]的?(?:开始)?|descending|from (?:the )?(?:highest|largest)|highest first"
SORTED = r"排(?:个)?(?:序|名|行|队|一下|一排|列)|名次|\brank(?:ed|ing)?|sort(?:ed)?|order(?:ed)? by|in order"

COMPARATORS: tuple[tuple[Comparator, str], ...] = (
    (">=", r"(?:并不|并没有|并未|没有?|未|不曾|不会)(?:低|少|小)于|不[低少小]于|不得?[低少]于|至少|最少|大于等于|大于或等于|(?<![没未不])达到(?:了|或超过)?|上|≥|>=|at least|no less than|not less than|minimum of"),
    ("<=", r"(?:并不|并没有|并未|没有?|未|不曾|不会)(?:高|大|多)(?:于|过)|(?:并未|并没有?)超过?|没超(?!额)|不[高大多]于|不超过|未超过|没超过|没有超过|至多|最多|小于等于|小于或等于|≤|<=|at most|no more than|not more than|up to|not exceeding"),
    ("!=", r"不等于|不为|不是|≠|!=|not equal to|other than"),
    ("<", r"没(?:能)?(?:花|打|拿|得|用|执行|做|评|考|够)到|低于|小于|少于|不足|不到|不满|未到|未达到?|没到|没有到|没达到|低过|<|below|under|less than|lower than|fewer than|short of"),
    (">", r"高于|大于|多于|超过了?|超出|高过|大过|破|过|超|>|above|over|more than|greater than|higher than|exceed(?:s|ing|ed)?"),
    ("=", r"等于|正好是?|刚好是?|恰好是?|就?是|为|=|exactly|equals?(?: to)?|is|was|of|打了|得了?|拿了|评了|got|scored"),
)  # fmt: skip
AFTER: tuple[tuple[Comparator, str], ...] = (
    (">=", r"(?:及|或|和)?(?:以上|之上)|or (?:more|above|higher|over)|and (?:above|over)"),
    ("<", r"(?:块钱?|元|分)?(?:都|也|还)(?:不到|没到|没(?:打|拿|得|花|用|做|评|考)到|没有|不足|不够|没过)"),
    ("<=", r"(?:及|或|和)?(?:以下|以内|之内)|or (?:less|below|lower|under)"),
)

RELATIONS: tuple[tuple[Comparator, str], ...] = (
    ("!=", r"不一样|不相同|不同|不相等|不等于|不一致|不持平|有(?:出入|变化|差异|不同)|different|differs? from|unequal"),
    (">", r"高|多|大|增(?!减)|超过|高于|大于|多于|超出|涨|上调|higher|more|greater|larger|above|exceed\w*|over"),
    ("<", r"低|少|小|减(?!去)(?=了|少)|低于|小于|少于|不及|下调|缩|lower|less|smaller|below|under"),
    ("=", r"一样|相同|相等|等于|持平|一致|不变|没变|equal\w*|same|unchanged"),
)

_BUDGET = r"(?:预算|资金|经费|盘子)"
_RAISED = r"追加|调增|增加|增拨|上调|往上调|调高|追补|加码|加了|涨了?|变多|increas\w+|rais\w+|topped up|added to|revised up(?:wards?)?"
_CUT = r"调减|核减|压减|削减|缩减|裁减|调低|下调|往下调|调下来|压缩|压降|压(?:掉|了|下来|下去)|瘦身|砍|减少|减了|减掉|缩水|变少|\bcuts?\b|reduc\w+|lower\w+|slash\w+|revised down(?:wards?)?"


def _revised(verbs: str) -> re.Pattern[str]:
    """A verb near the budget, before or behind it."""
    return either(
        rf"{_BUDGET}[^。?!;]{{0,14}}?(?:{verbs})(?:[掉了去得]|的)*",
        rf"(?:{verbs})(?:了|过|掉)*(?:的)?(?:年中|年初|全年)?{_BUDGET}",
        rf"budgets?\b[^.?!;]{{0,24}}?(?:{verbs})",
        rf"(?:{verbs})(?: \w+){{0,2}} budgets?",
    )


REVISED_UP, REVISED_DOWN = _revised(_RAISED), _revised(_CUT)
REVISED_BY = re.compile(
    rf"(?:{_RAISED}|{_CUT})(?:了|得|掉|的)*(?:年中|全年|年初)?{_BUDGET}(?:的)?(?:金额|额|数)?(?:多少|几|最)"
    rf"|(?:{_RAISED}|{_CUT})(?:的)?(?:金额|额度|数额|额)|(?:调|降|砍|压|减|加|涨|追)(?:得|的|掉|了)*最|(?:{_RAISED}|{_CUT})(?:了|得|掉)*(?:多少|几|最)"
)
"""How much a budget was revised by is asked for, and not only whether it was."""
MINUS = re.compile(r"\W*(?:减去?|扣除|扣掉|刨去|minus|less|-)\W*\Z")
"""Stands between two measures of which one is taken from the other."""
SPENT_ALL = re.compile(
    r"(?<![没未])(?:全部|全都?|都|一分不剩地?|刚好|正好)(?:用|花|执行|支出)(?:完|光|尽|掉)(?:了)?|(?<![没未])(?:花|用)(?:得)?(?:光光|光了|精光|一分不剩)"
    r"|(?:spent|used(?: up)?) (?:all|the whole|the entire|every|100 ?%) (?:of )?"
)
_OVER_ALL = r"(?:了)?(?:[^\d。?!;,]{0,8}?|(?:the |its |their |overall |all )*)(?P<what>平均(?:值|数|水平|线|分|得分|执行率)?|均值|均分|中位数|average|mean|median)"
_MORE, _LESS = (
    r"(?<![不没有未])高于|(?<![不没有未])超过了?|大于|多于|高出|above|over|higher than|more than",
    r"(?<![不没有未])低于|不到|不及|没到|未到|未达|达不到|小于|少于|没达到|below|under|lower than|less than",
)
BESIDE_AVERAGE: tuple[tuple[Comparator, re.Pattern[str]], ...] = (
    (">", re.compile(rf"(?:{_MORE}){_OVER_ALL}(?:以上|之上)?")),
    ("<", re.compile(rf"(?:{_LESS}){_OVER_ALL}")),
    ("<", re.compile(r"(?P<what>平均(?:值|数|水平|线)?)(?:以下|之下)")),
    (">", re.compile(r"(?P<what>平均(?:值|数|水平|线)?)(?:以上|之上)")),
)
"""A measure against what it is on average, or in the middle."""

ROWS_BEFORE = re.compile(r"(?P<lost>(?:失|扣|丢)了?分(?:了)?(?:的)?)?(?:三级|绩效)?指标(?:(?:设|列|定)(?:置)?(?:得|了|的)|的)?\Z")
"""Stands before 最多的三个项目: these are ranked by how many indicators they have."""
NO_ROW_LOST = re.compile(
    r"(?:所有|全部|每(?:一)?(?:个|项|条))?(?:的)?(?:三级)?指标(?:得分)?(?:都|全|全部|全都|均)(?:是|为|拿|得|打)?(?:了|到)*满分|(?:所有|全部|每(?:一)?(?:个|项|条))(?:的)?(?:三级)?指标(?:是|为|拿|得|打)?(?:了|到)*满分"
    r"|(?:一|半)(?:个|项|条)(?:三级)?指标(?:都|也)(?:没有?|未)(?:被)?(?:扣|丢|失)(?:过|掉)?分|没有(?:任何|一个|一项|一条)?(?:三级)?指标(?:被)?(?:扣|丢|失)分"
)
"""No indicator of a form lost points."""
ONLY_EXECUTION = re.compile(
    r"(?:只|仅|光)(?:是)?(?:被)?(?:扣|丢|失)(?:了|掉)*(?:预算)?(?:的)?执行(?:率)?(?:的|这一项的?|上的)?分?|(?:只|仅)(?:在|因|因为)?(?:预算)?执行(?:率)?(?:上|这一项)?(?:被)?(?:扣|丢|失)(?:了)?分"
)
UNREVISED = either(
    r"预算(?:数|金额|总额|额)?(?:都|也|一直|全年|年中)?(?<!有)(?:没有?|未|不曾|并未)(?:发生)?(?:过)?(?:任何)?(?:变|调整|调过|改|增减)(?:化|动)?(?:过)?|预算(?:数|金额)?(?:保持)?不变|没有?(?:调整|调过)预算|budgets? (?:unchanged|not revised)"
)

SUBSTITUTED = ("执行率", "调减", "调增", "自评", "扣分", "满分", "垫底", "执行数", "满意度", "全年预算", "年初预算", "机构改革", "偏差原因", "评分等级", "自评分", "平均分", "指标值", "完成值", "主管部门",
               "实施单位", "改进措施", "经费", "预算")  # fmt: skip
"""Words of the domain whose misspellings by sound are put right; short ones only where hardly anything else sounds alike."""
