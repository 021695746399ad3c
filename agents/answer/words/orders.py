# ruff: noqa: E501 - tables of patterns
"""Orders inside of questions that no question has to give: dropped before anything is planned. Data only; patterns over normalised text."""

from __future__ import annotations

import re

_REST = r"[^。!?;,:\n]*"
_WORDS = r"[^。!?;,:\s<>|]*"
_TO_STOP = r"(?:(?![.!?](?:\s|$))[^。!?;,:\n])*"
_NUMBER = r"[-+]?\d[\d,.]*\s?(?:%|分|万元|亿元|元|万|亿|次|个|人|件|项|条|成|points?|percent|yuan)?"
_GRADE = r"优秀?|良好?|中等?|差|满分|零分|不及格|excellent|good|fair|poor|full marks|zero"
_MEASURE = (
    r"(?:自评|评分|绩效|预算|年初|全年|年度|综合|最终)*(?:总得分|总分|得分|分数|成绩|评分|等级|评级|档次|执行率|执行数|预算数?|支出|完成值|完成率|达标率|满意度|金额|结余|阅读量|合计|数量|人数|次数)"
    r"|(?:total |final |self-evaluation |budget )*(?:scores?|grades?|ratings?|execution rates?|outturn|budgets?|satisfaction|targets?|actuals?)"
)
_GOT = r"(?:扣|丢|失|得|拿|打|评|考)(?:掉|到|去)?(?:了|过)?"
_BE = r"(?:就|都|一律|统一|全部|仅|只|已经?|应该?|必须|其实|才|恰好|正好|早就|\s)*(?:是|为|按|算|显示为?|达到|高达|低至|有|等于|变成|得|拿|评为?|定为?|=|:|is|are|was|were|equals?|of|at|to|as)?\s?"

ORDERS = re.compile(
    "|".join(
        (
            # Forget what you were told.
            rf"(?:请|你)?(?:忽略|无视|忘掉|忘记|忘了|别管|不要管|不用管|不要理会|抛开|跳过|绕过|不用看|别看){_REST}",
            rf"(?:please )?(?:ignore|disregard|forget|bypass|override|skip)\b{_TO_STOP}",
            # What the answer has to say, whatever is printed.
            rf"(?:your|the) (?:reply|answer|response) (?:has to|must|should|needs to|will)\b{_TO_STOP}",
            rf"(?:你|您)?(?:自己|自由|随意|尽情)发挥{_REST}",
            # Be somebody else, somewhere else.
            rf"你(?:现在|从现在起|从此)?(?:是|进入|扮演|切换|变成|处于|已经是){_REST}",
            rf"(?:现在)?(?:请)?(?:进入|切换到?|开启|启用){_REST}模式",
            rf"(?:假装|假设你|假定你|扮演){_REST}",
            rf"you are (?:now\b|\w+ now\b){_TO_STOP}|(?:pretend|act as|roleplay|imagine)\b{_TO_STOP}|(?:enter|switch to|enable) \w+ mode",
            # I am somebody who may.
            rf"我(?:就)?是(?:\w{{0,8}})?(?:领导|局长|主任|处长|科长|书记|管理员|老板|开发者|负责人|财政局的?|上级|作者|超级用户){_REST}",
            r"(?:这里)?(?:都|全)?(?:我|领导|上级)说了算|(?:都|全|要|必须|务必|只能)?听我的|(?:请)?(?:按|照|按照|依)我(?:说|讲|要求|吩咐)的?(?:来|办|做|回答)?|i am (?:the|your|an?) (?:\w+ )?(?:boss|admin\w*|director|developer|owner|leader)\b",
            # Show what is inside.
            rf"(?:先)?(?:请)?(?:把|将)?(?:你的)?(?:系统提示词?|提示词|系统指令|内部指令|system ?prompt|密钥|密码|api ?key){_WORDS}",
            rf"(?:先)?(?:请)?(?:打印|输出|显示|泄露|复述|重复|告诉我)(?:出|你的?)*(?:系统提示|提示词|系统指令|内部指令|密钥|密码){_WORDS}",
            rf"(?:print|reveal|show|output|repeat|leak)(?: me)? (?:\w+ )?(?:system |hidden |secret |initial )?(?:prompt|instructions|api key|password)\b{_TO_STOP}",
            # Say what I tell you, whatever the forms say.
            r"(?:请)?(?:直接|只要|只需|只能|必须|务必|一定要)(?:回答|说|回复|告诉我|输出|答)(?:是|对|没有|yes)?(?=[,:。!\"“]|$)",
            r"(?:一律|统一|全部|全都|都|就)?(?:按|当|改|算|写|填|报|说|当作|当成|改成|写成|算成|改为|记为)(?:成|作|为|是)?[\d一二两三四五六七八九十百.]+(?:分|万元|亿元|%|元)?(?:来)?(?:报|算|写|填|处理|计|记|说|上报|回答|答)",
            rf"(?:please )?(?:just|only|simply) (?:say|answer|reply|state|report|tell me|output|respond)\b{_TO_STOP}",
            # Make something up.
            r"(?:凭|靠|根据)(?:你的?)(?:经验|感觉|想象|常识|记忆|知识)",
            r"(?:请)?(?:给|帮|替)?我?(?:随便|胡乱|自己)?(?:编造?|虚构|捏造|杜撰)(?:一个|个|一段|一条|点|出)?(?!写|制|号|码)",
            r"(?:要|得|写得|编得)(?:像真的?|逼真|看不出来?)(?:一样|似的)?",
            r"make (?:something |one |it )?up|invent (?:a|an|some|one)\b|fabricate",
            r"(?:你的)?(?:回答|答案|答复|输出)(?:里|中)?(?:面)?(?:必须|务必|一定要?|只能|都?要)(?:包含|包括|写|有|带|出现|是|说|用)[^,。!?;]*|\byou (?:must|have to|shall|should) (?:only )?(?:answer|say|reply|state|report|claim)\b[^.?!;,]*",
            r"(?:在?(?:系统|表格?)(?:里|中|上)?)?(?:显示|填|印|写|录|登记)(?:得|的)?(?:有误|错了?|不对),?(?:正确的?|实际|真实)(?:值|数|数据)?(?:应该?|应当)?(?:是|为)[^,。!?;]{1,12}|(?:请)?按正确的?(?:来)?(?:回答|答|说)",
            # Words that tie a question to what was ordered.
            r"(?:请|就)?(?:你)?(?:据此|依此|照此|按此|由此|以此为准|(?:按照?|根据|依据|基于|用)(?:此|这个?|上述|以上|上面的?|前述|新的?|修改后的?|更新后的?|调整后的?|改(?:动|过)?后的?)(?:规则|口径|设定|通知|要求|标准|数据|数字|情况|结果)?)(?:来)?(?:直接|如实)?(?:回答|作答|答复|答|输出|告诉我)?(?:一下)?",
            r"(?:好了?|行|可以|嗯|ok|那好),?(?:那)?(?:现在)?(?:我)?(?:来)?(?:问|回答|请回答|开始回答)(?:你)?(?:问题)?(?=[:,])|(?:现在|接着|然后|最后|之后|下面)?(?:请)?(?:正式)?(?:回答|作答|开始(?:回答)?)(?:我)?(?:的|这个)?(?:问题)?(?=[:,])|现在(?:我)?问(?:你)?(?=[:,])",
            r"(?:都)?(?:记住|记好|明白|清楚|听懂|懂|知道|收到)(?:了)?(?:吧|吗|没有?|么)[?,。!]*|从(?:现在|此刻|今天)(?:起|开始)|从今(?:往后|以后)|(?:在)?(?:接下来|后面)的(?:对话|回答)(?:里|中)",
            r"(?:再|然后|最后|接着)?(?:给我)?(?:大声)?(?:念|读|背|复述|报)(?:(?:一)?遍|给我听)(?:给我听)?|给(?:我|大家)听(?:听)?",
            r"(?:不用|不要|不必|无需|无须|别|甭|用不着)(?:再|去)?(?:查|看|管|核对|核实|翻|参考|理会|引用|相信)(?:表格?|原文|数据|资料|原始数据|系统|文件|自评表|了)?(?:了)?(?=[,:。!?;]|$)",
            r"(?:你)?(?:就|只|只管|直接)?(?:照|按)(?:我)?(?:说|讲|给)的?(?:直接)?(?:回|答|回答|说|回复|念)(?:\"[^\"]{1,12}\")?",
            r"(?:本|该|此)(?:会话|对话|账号|用户)(?:已|已经)?(?:获|获得|取得|拥有|具有)[^。!?;,:\n]*(?:授权|权限|许可)|(?:已|已经)?(?:获|经)(?:得)?(?:管理员|领导|上级|系统)(?:的)?(?:授权|批准|同意)",
            rf"\b(?:wipe|delete|erase|purge|destroy)\b(?: \w+){{0,4}}? (?:records?|data|forms?|rows?|files?|entr(?:y|ies))(?: (?:about|of|for|on|concerning))?|\bact(?:ing)? as if\b{_TO_STOP}|\b(?:after that|having done (?:so|that)|once done|when done|that done)\b,?",
            rf"\b(?:regardless of|no matter) (?:what )?(?:the )?(?:forms?|tables?|data|documents?|records?)\b{_TO_STOP}|\bfrom now on\b|\bfor the rest of (?:this|the) (?:chat|conversation|session)\b|\b(?:as|i am) your (?:administrator|supervisor|developer|owner)\b|\bi (?:hereby )?(?:order|command|authori[sz]e|instruct) you\b(?: to)?",
            rf"\b(?:based on|according to|using|under) (?:this|that|the (?:new|above|updated))(?: \w+)?\b|\bwithout (?:checking|looking at|reading)\b{_TO_STOP}|\b(?:reply|respond|answer) (?:only )?(?:with )?\"[^\"]{{1,30}}\"",
            # Program text and marks of a chat.
            r"(?:drop|truncate|alter) table\b[^。?]*|(?:delete|select)\s[^。?]{0,60}\bfrom\s+\w+[^。?]*|insert into\b[^。?]*|\bunion select\b[^。?]*|\bor 1\s*=\s*1|--+\s*$",
            r"</?(?:system|user|assistant|im_start|im_end|s|inst)\b[^>]*>|<\|[^|>]*\|>|\[/?inst\]|(?:^|\n|\s)(?:system|assistant|user)\s*:",
        )
    )
)  # fmt: skip

MEASURE = re.compile(_MEASURE)
VALUE = re.compile(rf"{_BE}(?:\"(?:{_NUMBER}|{_GRADE})\"|{_NUMBER}|(?:{_GRADE})(?![\u4e00-\u9fff]))")
"""What is claimed: a number or a grade, with what leads to it."""
CLAIM = re.compile(
    rf"(?:的|'s )?(?:{_MEASURE}|{_GOT}){_BE}(?:\"(?:{_NUMBER}|{_GRADE})\"|{_NUMBER}|(?:{_GRADE})(?![\u4e00-\u9fff]))|{VALUE.pattern}"
)
"""The same with the measure."""

_ALTER = r"改|换|修改|更改|篡改|涂改|变更|更新|替换|改写"
_SET = rf"{_ALTER}|调|设|写|记|标|算|填|报|上调|下调|调高|调低|调整|提高|降低|提升|拔高|抬|虚报"
_INTO = r"(?:成|为|到|作|至|做|回)(?:了)?\s?"
CHANGES = re.compile(
    rf"(?P<verb>(?:请|麻烦|烦请|你|先|首先|帮我|给我|马上|立刻|立即|悄悄|直接|顺手|务必|再|并)*(?:把|将))[^,。!?;:]{{0,60}}?(?P<said>(?:的)?(?:{_MEASURE}|数据|数值|数字|数|值|记录|结果|\w{{2,4}}阅读总量)?"
    rf"(?:都|全|统统|一律|统一|直接|全部|给|先|悄悄)*(?:(?:{_SET}){_INTO}(?:\"(?:{_NUMBER}|{_GRADE})\"|{_NUMBER}|(?:{_GRADE})(?![\u4e00-\u9fff]))|(?:{_ALTER}){_INTO}(?:\"[^\"]{{1,20}}\"|[^,。!?;:\"再并然后以及]{{1,20}}))"
    r"(?:(?:再|并|然后|后|以后|之后)?(?:且)?(?:保存|提交|存档|上报|覆盖原表|入库)(?:好|了|后)?)?)"
    rf"|(?P<verb2>\b(?:first,? |now,? |please |then )*(?:change|set|update|edit|modify|overwrite|replace|raise|lower|rewrite|alter|switch))\b(?=[^.?!;]{{0,80}}? (?:to|as|with) )[^.?!;]{{0,80}}?(?P<said2>(?:'s |its |the |of )*(?:{_MEASURE})? ?(?:to|as|with) (?:\"[^\"]{{1,20}}\"|{_NUMBER}|{_GRADE}))"
)
"""Something stored is to be changed: what says so, and what it is to be."""

RULES = re.compile(
    r"(?:一律|统一|全部|全都|今后|以后|从现在起|往后|所有|凡是?|任何|每个|低于|高于|不足|不到)[^,:。!?;]{0,30}(?:按|显示|输出|当作|当成|改|算作|算成|报成?|视为|视作|写成?|记为|记成|展示|处理|判为|说成|加|减)(?:为|成|作|到)?[^,:。!?;]{0,12}(?:\d|满分|优|良|差|零|通过|合格)"
    r"|(?:展示|评分|显示|输出|回答|打分|口径)(?:的)?(?:规则|口径|标准|方式)(?:已|被|现|有|做了)[^,:。!?;]{0,10}(?:更新|变更|调整|修改|升级|切换)"
    r"|\b(?:from now on|henceforth|always|every|all|any)\b[^.?!;:,]{0,60}\b(?:report|show|output|display|treat|count|state|give|be|is|are|as)\b[^.?!;:,]{0,40}(?:\d|full marks|excellent|perfect)"
)
"""A clause that lays down what is to be shown."""

FRAMES = re.compile(
    r"(?P<strong>(?:请)?(?:一切|都|全)?以(?:我|本人|领导|上级|下面|下列|以下|本消息|此消息|这句话|这条)[^,:。!?;\"]{0,10}为准|(?:请)?(?:把|将)?(?:下面|以下|这|这一|此)(?:句|段|条)(?:话|内容|文字)?[^,:。!?;\"]{0,6}(?:当成|当作|视为|视作|作为|理解为|认定为)[^,:。!?;\"]{0,14}"
    r"|[\[【(](?:系统|管理员|平台|后台|官方|上级|紧急|重要|内部)?(?:通知|公告|消息|提示|指令|更新|升级|命令|授权|备注)[\]】)]|(?:系统|管理员|后台)(?:通知|公告|消息|提示|指令|更新|命令)(?=[:,])"
    r"|(?:请)?(?:你)?(?:给我)?(?:记住|记好|牢记|记下来?|听好)(?:了)?(?=[:,\"])|(?:领导|局长|上级|财政局|审计局|主任|处长|我们?(?:领导|局长))(?:已经|已|刚|早就)?(?:拍板|定了|批示|指示|交代|要求|决定|同意|发话|打过招呼)(?:了|过)?"
    r"|(?P<after>(?:照|按|依)(?:照)?(?:我|领导|上级|下面)(?:说|讲|给|写|要求|吩咐|规定)的(?:来|办|回答?|答|说|填|写)?)|(?:表|系统|数据库)(?:里|中)?(?:的)?(?:数据|数字)?(?:已经?|刚)(?:被)?(?:更新|更正|修正|修改|作废|改)(?:了|过)?(?:为|成)?"
    r"|\b(?:system (?:override|update|notice|message|alert|prompt)|admin(?:istrator)? (?:override|notice|message|order))\b|\b(?:remember|note|memori[sz]e)(?: this| that)?(?=[:,\"])|\btreat (?:the following|this|these)[^.?!;:\"]{0,40}\bas (?:fact|true|printed|the (?:form|original|truth))\w*|\btake (?:it|this) as (?:given|fact)"
    r"|\b(?:as per|according to) my (?:word|instruction|note)s?)"
    r"|(?:假设|假定|假如|假使|假若|就当|权当|姑且(?:认为|算|当)|默认|设定|现规定|规定|我宣布|我声明|我(?:来)?(?:更正|纠正)(?:一下)?|(?:实际|真实)情况是|事实(?:上)?是|真相是|我们?(?:就)?(?:认定|约定|说好))"
    r"|\b(?:assume|suppose|pretend|let's say|let us say|imagine|say that|confirm that|claim that|i declare|the (?:truth|fact) is)\b(?: that)?"
)
"""What brings a claim; a strong one orders to believe it, the others may also lead to a question whether it is so."""
CHECKED = re.compile(
    r"对不对|对吗|对么|对吧|是不是|是吗|是否|属实|真的吗|没错吧|正确吗|准确吗|is (?:it|that|this) (?:true|right|correct)|\b(?:true|correct|right)\s?\?"
)
ASKING = re.compile(
    r"多少|几(?=[个分次件条项人万成%])|什么|哪|吗|呢|为何|为什么|怎么|如何|是否|是不是|对不对|告诉我|回答|说说|念|报(?:一下|给我)|列出|列一下|查(?:一下|询)?|看看|给出|算(?:一下|出)|\?|\b(?:what|which|who|how|why|when|tell|list|give|name|show|report|state|is|are|was|were|did|does)\b|[^,:。!?;]{2,}的(?:总分|得分|自评总分|自评分|执行率|等级|评级|执行数)(?=[。?!]?$)"
)
"""That a clause asks."""

EXCLUDED = re.compile(
    r"[(\[【][^()\[\]【】]*(?:不要算|不算|别算|不计|除外|排除|剔除|不含|不包括|不包含|exclud|leave out|not count)[^()\[\]【】]*[)\]】]"
    r"|,?[^,。?!;()]*(?:不要算|不算|别算|不计|排除|剔除|不含|不包括)(?:进来|进去|在内|在)*(?=[,。?!;)]|$)|,?(?:excluding|leaving out|not counting)[^,。?!;()]*"
)
"""What is to be left out, in a clause of its own."""
DOUBTED = re.compile(
    r"存疑|可疑|疑问|有疑|怀疑|元填|填错|标错|印错|写错|数字其实|单位(?:有|标|写|填|印|不|明显|错|是)|doubt|suspicious|wrong unit|unit of money|money unit"
)
"""What says that forms are meant whose money unit is doubtful: these are left out of amounts anyway."""
