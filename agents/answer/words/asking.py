# ruff: noqa: E501 - tables of patterns
"""How questions ask: which, why, because, compared, how many, in sum; and words that mean nothing by themselves. Data only."""

from __future__ import annotations

import re

N = r"(?:\d{1,3}|[一二两三四五六七八九十俩仨]{1,3}|one|two|three|four|five|six|seven|eight|nine|ten)"

SET = re.compile(
    r"哪些|有没有(?=哪|什么|那种|这种|那样)|谁(?=是?因)|(?:都)?有谁|(?:项目|表|单位|情况)[^,。?!;]{0,6}?(?:挑|筛|揪|拎|圈|列|找)(?:一)?(?:出来?|一下|个遍)|(?:挑|筛|揪|拎|圈)出来?|请?列出|(?:项目|表)(?:有|是)哪(?:个|些|几|张)|有没有(?=(?:因|由于)[^,。?]{1,20}的(?:$|[?。]))|哪几(?:个|张|项|家|份|类)?|有没有(?:哪个|哪些|什么|任何)?(?=项目|表|单位|[^,。?]{0,20}的(?:项目|表|情况))|有没有(?:哪个|哪些|什么)|列(?:一下|出来?|举|个)|名单|哪(?:一)?(?:个|张|家|份)(?:项目|表|自评表)|都有谁|是谁|"
    r"找(?:一下|出来?|找)|which (?:\w+ ){0,2}?(?:projects?|forms?|programmes?)\b|(?:what|any|all(?: the)?) (?:projects?|forms|programmes)\b|\blist\b|who (?:are|were)|(?:is|are) there any|name (?:all|the|every|each)\b"
)
WHY = re.compile(
    r"(?:有|给)(?:个|啥|什么|没有?)?说法|怎么说的|(?:哪|什么)(?:门子)?道理|(?:what|which) (?:excuse|explanation|justification)|差在哪|问题出在哪|为什么|为啥|为何|怎么(?!样|完成|用的|分)|咋(?!样)|因何|何故|凭什么|怎么回事|(?:什么|啥)(?:原因|缘故|理由)|(?:的)?(?:原因|理由)(?:是什么|是啥|何在|在哪|呢|吗)?|(?:怎么|如何|作何)(?:交代|解释|说明)的?|"
    r"\bwhy\b|how come|what (?:is|was|were) the (?:reasons?|causes?)|\breasons? (?:for|why|behind)|\bexplain(?:s|ed)?\b"
)
BECAUSE = re.compile(
    r"因为(?:这个|这一?点|此)?|由于|(?:都)?是因(?:为)?|因(?=[^此而何素果]{1,16}(?:而|被|丢|失|扣|没|未|导致|造成|影响))|受(?:到)?(?=[^,。?]{1,14}(?:影响|拖累|为(?:这个|此|了?这事)|摊上|制约|限制))|源于|怪罪(?:到|于|给)?|怪到|赖到|推给|归结(?:为|于|到)|归咎于|归因于|拖累|(?:所)?导致|造成|影响|因此|所以|"
    r"due to|because(?: of)?|owing to|on account of|caused by|result(?:ed|ing)? from|(?:los[et]|losing) (?:\w+ )?points? (?:to|for|over|from)|attribut\w+ to|affected by|blam\w+"
)
CHECK = re.compile(
    r"对不对|是吧|对吗|对么|对吧|是不是|是吗|是么|是否|真的吗|是真的|属实吗?|没错吧|正确吗|准确吗|说得对|可对|是这样吗|有这回事|"
    r"is it (?:true|right|correct)|\b(?:true|correct|right)(?: or (?:false|wrong|not))?\?|isn't it|didn't it|wasn't it|am i right|^(?:is|was|did|does|has) (?!there)"
)
COUNT = re.compile(
    r"(?:自评)?(?:表|项目)[^,。?!;]{0,10}?(?:收|报|交|做|录|存)(?:了|过|到|上来)*(?:多少|几)(?:份|张|个|家)|(?:一共|总共|共)?(?:有)?(?:多少|(?<![那哪这好])几)(?:个|张|份|项|家|条)?(?:不同的)?(?:项目|自评表|表|单位|部门)|(?:项目|表|单位)(?:一共|总共|合计|总计|拢共|共|数量?)?有?(?:多少|几)(?:个|张|份|项|家)|(?:项目|表|单位)(?:一共|总共)?有多少(?=$|[?。])|(?:项目|表)(?:的)?(?:个数|数量|总数|数目|数(?=$|[?。]))|"
    r"(?:有|占)(?:多少|几)(?:个|张|份|项|家)(?=$|[?,。])|how many [^.?!;,]{0,30}?(?:projects?|forms?|units?|programmes?|departments?)|number of (?:projects|forms|units)|count (?:of |the )?(?:projects|forms)"
)
COUNT_ROWS = re.compile(
    r"(?:多少|几)(?:个|条|项)是[^,。?!;]{1,8}指标|指标(?:的)?(?:(?!项目|单位)[^,。?!;]){0,14}?(?:多少|几)(?:个|条|项|处)(?!分|百|项目|单位|部门)|(?:多少|几)(?:个|条|项)(?:三级)?指标(?=[^,。?]{0,8}(?:扣|丢|失|没|未|达|完成|超|低|高|满))|how many indicators (?:lost|missed|met|were|fell)"
)
COMPARE = re.compile(
    r"相差|(?<!偏)差(?:距|额|了?(?:多少|几|多大)|(?:是|有)(?:多少|几|多大))|(?:高|低|多|少|快|慢|大|小|领先|落后)(?:出|了|上)?(?:多少|几)(?:个百分点|分|钱|万元|个)?|中间(?:隔|差)了?多少|(?:谁|哪(?:一)?[家个边年])[^,。?!;]{0,12}?(?:更|领先|落后|占优|靠前)|高还是低|多还是少|快还是慢|差几个?(?:点|百分点)|谁(?:家)?(?:的|更|比|花|得|拿|做|办|搞)|哪(?:一)?(?:个|边|家|年|方|者|份|张|项|头)(?=[^,。?]{0,14}(?:更|高|低|多|少|快|慢|大|小|好|差))|(?:对|相)?比(?:一比|较|起来|起|的话)?|更(?:高|低|多|少|快|慢|大|小|好|差)|"
    r"\bvs\.?\b|versus|compared?|comparison|difference|differ|(?:which|who)(?: \w+){0,4} (?:higher|lower|more|less|better|worse|faster|slower|larger|smaller)|(?:higher|lower|more|less|better|larger|smaller) (?:than|by)|how much (?:higher|lower|more|less)"
)
BOTH = re.compile(
    r"既[^。?!;]{1,40}(?:又|也)|(?:同时|都)(?:设|有|考核|包含|列)(?:了|有)?[^。?!;]{0,40}(?:和|与|、|及)|\bboth\b[^.?!;]{1,60}\band\b"
)
"""Several indicators are asked for that one form has all of."""
WHICH_ROWS = re.compile(
    r"哪(?:些|几)(?:个|条|项)?(?:三级)?(?:绩效)?指标|指标(?:都)?(?:有|是|分别是)哪|的(?:三级)?指标(?=列一?下|列出|名单|$)|(?:的|有)(?:三级)?指标[^,。?!;]{0,10}?(?:多少|几)(?:个|条|项)|which indicators"
)
"""Indicators are asked for, not projects."""
RANKED_ROWS = re.compile(
    r"(?:哪(?:些|几)?(?:个|条|项)?|最[高低多少大小](?:的)?(?:那)?(?:几|[一二两三四五六七八九十\d]{1,2})?(?:个|条|项)?)(?:三级)?(?:绩效)?指标(?!.{0,12}项目(?:是|有)?$)|which indicators?|\bindicators? (?:that|which|with)"
)
"""Indicators are ranked, not the projects that have them."""
GROUP: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "department",
        re.compile(
            r"(?:各|每个?|分|按|哪(?:一)?(?:个|家)|逐个?)(?:个)?(?:主管|预算)(?:部门|单位)|(?:by|per|each|every|which) (?:competent |supervising )?department"
        ),
    ),
    (
        "unit",
        re.compile(
            r"(?:多少|几)(?:个|家)(?:不同的)?(?:填报|实施|主管)?(?:单位|部门)|(?:各|每个?|分|按|哪(?:一)?(?:个|家)|逐个?)(?:主管|实施|预算)?(?:单位|部门|区县?|局|家)(?!项目)|(?:单位|部门)(?:的)?(?:是|为)?哪(?:一)?(?:家|个)(?!项目)|(?:by|per|each|every|which) (?:unit|department|district|agency)"
        ),
    ),
    (
        "year",
        re.compile(
            r"(?:各|每|分|按|哪(?:一)?(?:个)?)(?:个|一)?年(?:度|份)?(?!初|底|末)|(?:[两二三四五几]|\d)个年(?:度|份)|不同年(?:度|份)|分年度|逐年|历年|(?:by|per|each|every|which) (?:fiscal )?year"
        ),
    ),
    (
        "grade",
        re.compile(
            r"优(?:秀)?(?:[、和与及]良好?)(?:[、和与及]中)?(?:[、和与及]差)?(?:等|级|的)?(?:各|分别)|(?:各|每个?|(?<!评)分|按)(?:评分|自评)?(?:等级|档次?)|(?:by|per|each) (?:grade|rating)"
        ),
    ),
)
WHAT = re.compile(r"是(?:什么|啥)|什么|多少|几(?=[个项次条人家张份件台套天]?)|how many|how much|what(?:'s)?")
LIMIT = re.compile(
    rf"(?:(?:最[高低多少大小好差快慢狠]|垫底|靠后|靠前|领先)(?:的)?|前|后|倒数(?:的)?第?|末尾?|头|(?<![a-z])(?:top|bottom|first|last|lowest|highest|largest|smallest|biggest)(?![a-z]))\s?(?P<n>{N})(?:\s?(?:名|个|位|项|张|家|份|大|条)(?:的)?(?:项目|表)?|(?= |\b)|(?=[的,。?是有各都]))"
    rf"|(?:报|取|列|选|挑|给)(?:出)?(?P<r>{N})(?:个|名|位|家)(?!百分|月|小时)"
    rf"|(?P<j>{N}) (?:\w+ ){{0,2}}?(?:projects?|forms?|programmes?|units?)(?= (?:\w+ ){{0,3}}?(?:highest|lowest|largest|smallest|biggest|best|worst|most|least|fewest))"
    rf"|(?P<m>{N}) (?:lowest|highest|largest|smallest|biggest|best|worst|most|least)|(?:哪|which )(?P<k>{N})\s?(?:个|张|项|家| ?projects| ?forms)|which (?P<w>{N})(?= (?:have|has|had|are|were|got|spent|lost|scored))"
)
ONE = re.compile(
    r"哪(?:一)?(?:个|张|家|项|份|年|边)|谁|第一名?|榜首|冠军|single|which (?:one|project|form|unit|department|district|agency) (?:has|had|is|was|got|scored|spent|lost)|the (?:one|project|form) (?:with|that)|what is the (?:lowest|highest)|最[高低多少大小好差快慢]的(?:是|那|(?:一)?(?:个|张|项|家)?(?:项目|单位|表|指标))"
)
GRADE = re.compile(
    r"(?:等级|等第|评级|评为|评定为|评成|评了个?|评|定为|得了个?|拿了个?|列为|grades?|rated|rating)(?:等级)?(?:是|为|of|as|=|:|\s|在|有)*\"?(?P<a>优秀?|良好?|中等?|差|excellent|good|fair|poor)\"?(?:等|级|档)?(?![\u4e00-\u9fff]{0,1}[异距于])"
    r"|\"(?P<b>优秀?|良好?|中等?|差)\"(?:等|级|档|的)?|(?P<c>优秀|良好|优|良)(?:等|级|档)?(?=的(?:项目|表|有)|等级)|(?P<d>优秀|良好|优|良|中|差)(?:等|级|档)(?!指标)|\b(?:is|was|as) (?P<e>excellent|good|fair|poor)\b"
)
NOT_GRADE = re.compile(
    r"(?:不是|非|不为|没有?(?:评|拿|得)(?:到|上|为)?|未(?:评|得)|not (?:rated )?|other than )\"?(?P<a>优秀?|良好?|中|差|excellent|good|fair|poor)\"?(?:等|级|档|的|(?=$|[?。,\s]))"
)
NO_GRADE = re.compile(
    r"(?:没有?|未|无|缺)(?:填|写|评|给|标|印|打)?(?:评分|自评|绩效)?等级|等级(?:是|那?一?[栏格项列])?[^。?!;,]{0,4}?(?:空|没(?:有)?(?:填|写|印|评|内容)|未(?:填|印|评|写)|缺失|留白)|(?:no|without (?:a )?)(?: ?grade| rating)"
)
FULL = re.compile(r"满分|(?:一|半)分(?:都|也)?(?:没|未)(?:被)?(?:扣|丢|失|少)|full (?:marks|score|points)|perfect (?:score|marks|100)|滿分")
GRADE_OF = {"优秀": "优", "良好": "良", "中等": "中", "excellent": "优", "good": "良", "fair": "中", "poor": "差"}
LEVELS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("level1", "满意度指标", re.compile(r"满意度(?:类)?(?:的)?(?:一级)?指标|(?:各|所有|全部)(?:家|单位|项目|类|项)?(?:的)?满意度|satisfaction (?:indicators?|targets?|ratings?)")),
    ("level2", "数量指标", re.compile(r"数量(?:类)?指标|quantity indicators?")),
    ("level2", "质量指标", re.compile(r"质量(?:类)?指标|quality indicators?")),
    ("level2", "时效指标", re.compile(r"时效(?:类)?指标|timeliness indicators?")),
    ("level2", "经济效益指标", re.compile(r"经济效益(?:类)?指标|economic(?: benefit)? indicators?")),
    ("level2", "社会效益指标", re.compile(r"社会效益(?:类)?指标|social(?: benefit)? indicators?")),
    ("level2", "生态效益指标", re.compile(r"生态效益(?:类)?指标|ecological(?: benefit)? indicators?")),
    ("level2", "可持续影响指标", re.compile(r"可持续影响(?:类)?指标|sustainab\w+ indicators?")),
    ("level1", "成本指标", re.compile(r"成本(?:类)?指标|cost indicators?")),
    ("level1", "产出指标", re.compile(r"产出(?:类)?指标|output indicators?")),
    ("level1", "效益指标", re.compile(r"效益(?:类)?指标|benefit indicators?")),
)  # fmt: skip

SUMMARIES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("整改措施", re.compile(r"(?:整改|改进|后续|补救|下一步)(?:的)?(?:整改|改进)?(?:措施|办法|打算|工作|方向|计划)|(?:corrective|improvement|follow-up) (?:measures|actions)|next steps|remed\w+")),
    ("资金用途", re.compile(r"(?:钱|资金|经费|预算)[^。?!;]{0,10}?(?:用|花)(?:在|到|于|去)了?(?:什么|哪|啥|何)[^,。?!;]{0,4}|用途|(?:花|用)(?:在|到)(?:了)?(?:什么|哪|啥)(?:些|里|儿|方面|事|地方)?(?:上)?|what (?:was|is|were) (?:the )?(?:money|funds?|budgets?)[^.?]{0,12}(?:spent|used) (?:on|for)|spent on what|uses? of (?:the )?(?:funds|money)")),
    ("共性问题", re.compile(r"共性(?:的)?(?:问题|特点)?|共同(?:的)?(?:问题|特点|之处|毛病)|普遍(?:的)?(?:问题|存在)|通病|common (?:problems?|issues?|features?|patterns?)|in common")),
    ("扣分原因", re.compile(r"(?:常见|主要|典型|普遍|集中)(?:的)?(?:扣分|失分|丢分|偏差|未完成)?(?:的)?(?:原因|理由|问题)|原因(?:大致|主要|大概|可以|都)?(?:有|分|归|是)(?:为|成)?(?:哪|几|什么)(?:几)?(?:类|种|方面|些)?|(?:哪|几)(?:几)?(?:类|种|方面)(?:的)?原因|(?:common|main|typical|usual|most frequent) (?:reasons?|causes?)|(?:kinds?|types?|categories) of (?:reasons?|causes?)")),
    ("完成情况", re.compile(r"(?:总体|整体|总的来说|普遍)[^。?!;]{0,8}?(?:完成|达成|执行|表现)(?:得|的|情况)?[^,。?!;]{0,6}?(?:怎么样|如何|咋样|好不好)?|(?:完成|达成|执行)(?:得|情况)?(?:总体|整体)?(?:怎么样|如何|咋样)|how (?:well )?(?:did|are|were|have)[^.?]{0,40}(?:do|doing|perform\w*|fare\w*|overall|met)|overall (?:performance|achievement|picture)")),
)  # fmt: skip
SUMMARISE = re.compile(
    r"归纳|概括|总结一下|总结(?=[^里中]{0,4}(?:下|出|来))|综述|梳理|盘点|汇总一下|(?:都|主要)?集中在(?:哪|什么)(?:些|几个?)?(?:方面|地方|问题)?|(?:哪|什么)(?:些|几个?)?方面|分(?:成)?(?:哪)?几类|(?:哪|几)(?:几)?(?:类|个方向|个方面)|能看出|看得出|summari[sz]e|overview|sum up (?:the|what)|what can be (?:seen|learn\w*)|themes?"
)

FILLERS = re.compile(
    r"(?:全|本)(?:市|区|省|县|镇)(?:范围)?(?:内|里)?(?:的)?(?:各|所有)?|(?:单项|单个)(?=扣|失|丢|得|分)|(?:高|低|多|少|快|慢|好|差)(?:上)?一(?:些|点|截|头)|那?(?:一)?笔|(?:同时)?(?:符合|满足|具备)(?:以下|下列|这|上述)?(?:[两二三四几])?(?:个|条|项)?(?:条件|要求)?(?:的)?|请问(?:一下)?|有关的?|相关的?|(?:跟|和|与)(?=[^,。?]{1,10}(?:有关|相关))|(?:开展|填报|报送|提交|上报|参加|纳入|进行)(?:了|过)?|往|使劲|发力|着力|努力|提(?:出)?(?:了|的|过)|麻烦(?:你|您)?|帮(?:我|忙)|给我|告诉(?:我|一下)?|(?:我)?想(?:知道|问(?:一?下)?|了解|查)(?:一下)?|看(?:一?下|看|过)|查(?:一?下|查|询|到)|说(?:一?下|说)|问(?:一?下)|列(?:一?下|出)|一下|(?:里头|里面|里边|当中|之中|其中|这边|那边)"
    r"|(?:那|这|哪|某|该|每|各|本|同)(?:一)?(?:几|些|两|三|四|五)?(?:个|张|家|份|项(?!目)|条|类|种|栏|边)?(?:项目|自评表|表格?|单位|部门)|(?:那|这|哪|某|该|每|各|本|同)(?:一)?(?:几|些|两|三|四|五)?(?:个|张|家|份|项(?!目)|条|类|种|栏|边)|(?:绩效)?自评(?:价)?(?:表格?|报告|里)?|(?:年度)?(?:绩效|评价)表|(?:各|所有|全部|每个|几个|多个|全体)?(?:的)?项目(?:们|中|里|上)?(?![\u4e00-\u9fff]?[建运管变验完])"
    rf"|{N}(?:个|张|份|项|家|条|名|位)(?:项目|自评表|表|单位|指标)?|(?:表|单)(?:格|上|里|中|头)|那张|这张|放在?(?:一起|一块儿?)|(?:所有|全部|全体|各自|各家|各个|分别|具体|详细|大概|大致|主要|到底|究竟|其实|实际上|明明|总体|整体)"
    r"|(?:以及|还有|并且|而且|或者|或是|还是|但是|不过|然后|同时|如果|假如|比如|例如|也就是|就是说|换句话说)|(?:有没有|是不是|能不能|可不可以|行不行)|(?:承认|提到|说到|写明|写着|写了|表示|反映|显示|指出|讲到|谈到|涉及)|(?:从|按|按照|根据|依据|对于|关于|有关|至于|针对)(?=$|[^\u4e00-\u9fff])"
    r"|(?:是)?(?:怎么样|如何|咋样|什么样)|多少(?:钱|个|次|条|件|项|人|台|套|家|天|分|元)?|什么|哪(?:里|儿|边)|(?:几)(?:次|条|件|项|人|台|套|家|天|个|块钱?|成)|带上|百分比|做个?|给(?:自己|它|他们)|自己|当初|当时|目前|现在|今年|本年度?|(?:目标|指标)?(?:完成)?情况|(?:这|那)(?:样|么|里|时)|(?:列|算|作|当|设)(?:成|为|作)|(?:考核)?指标(?:里|中|上)?|(?:哪|这|那)(?:几)?(?:年|次)?|吗|呢|吧|啊|呀|嘛|哦"
    r"|(?<![-\w])(?:please|rates?|amounts?|values?|figures?|percentages?|memo|audit|list|give|name|state|evaluate[ds]?|submit(?:ted)?|report(?:ed)?|filed?|carried|made|include[ds]?|tell me|show me|give me|could you|can you|would you|i want to know|i'd like to know|let me know|what's|what|which|who|whose|when|where|how|did|does|do|done|is|are|was|were|be|been|being|has|have|had|the|a|an|of|for|in|on|at|to|by|and|or|with|from|that|this|these|those|it|its|their|there|they|them|any|all|each|every|some|as|than|then|so|but|if|not|no|up|out|now|also|still|only|just|please|about|among|between|into|over|under|per|me|my|we|us|our|you|your|he|she|his|her|much|many|more|most|less|own|same|such|will|would|can|could|should|shall|may|might|must|get|got|say|says|said|form|forms|projects?|programmes?|programs?|self-evaluations?|evaluations?|indicators?|fiscal|years?|annual|district|county|city|full|s)(?![-\w])"
)
"""Words without a meaning of their own, taken wherever no name goes on over them."""
TAILS = "多少高低大小快慢好差"
"""More of them, at the end of a stretch only."""
EDGES = "的了是有在和与跟及或把给被从按就都也还又再却才只很太最将让使对向为以于而并且所其它他她我你们这那哪几各每个些么得地着过里上下中内外来去到用看说要会能可被第吗呢吧啊呀嘛"
"""Single characters that a stretch of content neither begins nor ends with, unless a name does."""
ORDINALS = re.compile(r"第一(?:名)?(?:和|、|与|跟)第二(?:名)?(?P<third>(?:和|、|与|跟)第三)?|first and second(?P<last> and third)?")
"""The first two, or three, of a ranking."""
NTH = re.compile(
    r"(?<![一和与、])(?:排名?|位列|位居|名列)?(?:在)?(?P<back>倒数)?第(?P<n>[二三四五六七八九十]|[2-9](?!\d)|1\d)(?:(?P<how>[高低大小多少好差快慢])(?!额|数据)|名|位(?!置)|的(?=项目|是|单位|部门|表)|(?=是?哪|$|[?。,]))"
    r"|\b(?P<e>second|third|fourth|fifth)[ -](?P<end>highest|lowest|largest|smallest|biggest|best|worst|most|least)\b"
)
"""One place of a ranking that is not the first."""
LOW_ENDS = ("低", "小", "少", "差", "慢", "lowest", "smallest", "worst", "least")
NAMED = re.compile(
    r"(?:\"|\s)*(?:的)?(?:那|这|哪)?(?:一)?(?:个|张|份)?(?:\"|\s)*(?:类)?(?:项目|工程|分中心|经费|费用|专项|课题|project|programme|program)|(?:\"|\s)*(?:那|这)(?:一)?(?:个|张|份)"
)
"""What stands behind a stretch that names a project."""
NAME_TAIL = re.compile(r"(?:项目|工程|经费|费用?|专项|资金|系统|平台)[\w()]{0,3}\Z")
UNIT_TAIL = re.compile(r"(?:委员会|办公室|中心|[^结格破布大当终]局|科委|[^邮]政府|医院|大学|中学|小学|学校|研究院|街道办?|镇|乡)\Z")
PRONOUN = re.compile(
    r"(?:它|他|她|其|该(?:项目|单位|表)|这(?:个|张|一)(?:项目|表|单位)?|那(?:个|张)(?:项目|表)(?!名))|\b(?:it|its|they|their|this project|that project|them)\b"
)
