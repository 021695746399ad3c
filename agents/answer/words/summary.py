# ruff: noqa: E501 - tables of patterns
"""Questions that want an overview of many forms, or of one: how they ask for it, which parts they want, words that are no topic. Data only."""

from __future__ import annotations

import re

from agents.answer.query import Section

_SAY = r"(?:综合|简要|简单|大致|大概|总体|整体|系统|一并|全面)?(?:地)?"
ASKS = re.compile(
    rf"{_SAY}(?:概括|归纳|综述|概述|总括|梳理|盘点|复盘|画像)(?:归纳|概括|总结|梳理|一下|一番|出来|讲讲|说说)*|(?:^|[,。;:请你我])总结(?!报告)|总结(?=一下|[^里中]{{0,4}}(?:下|出|来))|"
    r"(?:理|捋|说|盘)(?:一)?(?:理|捋)(?:清楚)?|短板|薄弱(?:环节|之处|的地方)?|弱项|亮点|拖(?:了)?(?:谁的)?后腿|栽(?:了)?跟头|出彩|"
    r"(?:都|具体|到底|主要|究竟)?(?:做|干|办|搞|忙|开展|落实|推进)(?:了|过)?(?:些|的)?(?:哪些|什么|啥|点什么|点啥)(?:具体)?(?:的)?(?:事情?|活儿?|工作|名堂)?(?:儿)?(?=[,。?!;呢呀啊]|$|[^,。?]{0,4}[,。?!])|"
    r"(?:都|具体|主要)(?:干|做)(?:了)?(?:些)?(?:什么|啥)|有(?:什么|啥|哪些)(?:特点|特色|成效|成果|亮点|短板|毛病|不足|变化)|"
    r"(?:方面|领域|这块儿?|这一块|这方面)(?:的)?(?:做得|开展|情况|表现|工作|举措|做法|进展|成效|总体|怎么样|怎样|如何|咋样|有什么|有哪些)|"
    r"(?:总体|整体|总的|全盘)(?:上|来看|来说)?(?:情况|表现|怎样|怎么样|如何|咋样)(?:怎样|怎么样|如何|咋样)?|(?:总体|整体)(?:完成|执行|得分)?(?:情况|表现)?(?:是)?(?:怎样|怎么样|如何|咋样)|"
    r"sum(?:mari[sz]e|marise| up)|\boverview\b|\bsummary\b|weak(?:ness(?:es)?| points?| spots?)|shortcomings?|strengths|highlights|takeaways?|"
    r"what (?:did|have|has) [^.?!]{1,60}? (?:do|done|deliver\w*|achieved?|accomplish\w*)(?=[\s,.?]|$)|what (?:were|was|are) (?:they|it|these|those|the \w+)(?: \w+){0,4} for\b|\boverall,? how\b|the big picture|in a nutshell"
)  # fmt: skip
"""That whole forms are to be told of, whatever else is asked."""
OPEN = re.compile(
    r"(?:讲|说|谈|聊|介绍)(?:一)?(?:讲|说|谈|聊|下|介绍)|(?:怎样|怎么样|如何|咋样)(?=[,。?!]|$)|情况(?:怎样|怎么样|如何|咋样)|出(?:没|过)?(?:没有?)?出?过(?:事|问题|岔子)|"
    r"(?:做|完成|搞|干|办|推进|开展|落实)得(?:怎样|怎么样|如何|咋样|好不好)|tell me about|how (?:well )?(?:did|have|has|are|do) (?:\w+ ){1,6}(?:do|doing|perform\w*|fare\w*|get on|go)\b"
)  # fmt: skip
"""Open questions: an overview where they are asked of several forms."""

_WANTS: tuple[tuple[Section, re.Pattern[str]], ...] = (
    ("scores", re.compile(r"得分|总分|评分|分数|打分|成绩|自评结果|等级|最不?好看|垫底|\bscor\w+|\bgrades?\b|\bratings?\b")),
    ("execution", re.compile(r"预算执行|执行(?:率|情况|进度|得|(?=[和与及、]))|(?:花钱|用钱|资金|支出|支付|花费)(?:的)?(?:进度|情况|快慢|效率)|钱花得|花(?:得|钱)[快慢]|没花完|后腿|spending|spent|execution|outturn|budget")),
    ("losses", re.compile(r"短板|薄弱|弱项|不足|问题|毛病|失分|扣分|丢分|哪里[差弱]|栽|后腿|偏差|没做好|缺陷|教训|weak\w*|shortcoming\w*|problems?|issues?|los[et]\w* (?:\w+ )?(?:points?|marks?)|deviation|deduct\w*|fell short|struggl\w*")),
    ("measures", re.compile(r"整改|改进|措施|下一?步|今后|怎么改|打算|improvement|measures|next steps|remed\w+")),
    ("goals", re.compile(r"目标|为了(?:什么|啥)|干(?:什么|啥|嘛)用|用途|是做(?:什么|啥)的|what (?:were|are|was|is) (?:they|it|these|those|this) (?:for|about)|purpose|goals?|objectives?")),
    ("done", re.compile(r"(?:做|干|办|搞|忙|开展|落实|完成|推进)(?:了|过|的)?(?:些|点)?(?:哪些|什么|啥)|一年下来|成效|成果|亮点|工作(?:内容|情况|量)?|干的活|举措|strengths|highlights|achiev\w+|deliver\w*|accomplish\w*|what (?:did|have) \w+(?: \w+){0,3} do\w*")),
    ("findings", re.compile(r"核对|错误|不一致|填报(?:问题|质量|错误)|填错|矛盾|findings?|errors?|inconsisten\w+")),
)  # fmt: skip
DEFAULT: tuple[Section, ...] = ("scores", "losses")

NOISE = re.compile(
    r"(?:写|供|做|编|用于|用来写?)?(?:审计|调研|汇报|工作|领导)?(?:综述|报告|材料|汇报|底稿|讲话稿)(?:里|上)?(?:用|要用|用的)?|写审计|(?:请|麻烦)?(?:你)?(?:综合|概括|归纳|总结|概述|综述|梳理|盘点|复盘)(?:概括|归纳|总结|梳理|起来|一下)?|"
    r"讲讲|说说|谈谈|聊聊|理一理|捋一捋|理清|一并|大致|大概|请综合|综合|主要|体现|表现|反映|集中|突出|明显|典型|普遍|共性|共同|常见|总体|整体|总的来说|总的|来看|看来|放一起|放在一起|"
    r"短板|薄弱(?:环节)?|弱项|问题|毛病|不足|缺陷|亮点|特点|特色|成效|成果|方面|地方|环节|情况|进度|得分|总分|分数|执行|花钱|失分|扣分|丢分|拖了?(?:谁的)?后腿|后腿|栽(?:了)?跟头|在这上面|"
    r"最?不?(?:好看|理想|像样|给力)|最不|最差|最好|哪(?:块|里|些|个|几个|方面)?|怎样|怎么样|如何|咋样|什么样|一年(?:下来|到头)?|全年|年度|当年|期间|出没出过?事|出过?事|有没有|是否|能不能|"
    r"具体|到底|究竟|分别|各自|各家|各个|几个|几家|这些|那些|这几|那几|这两|两个|三个|四个|五个|这块|那块|这类|那类|此类|这种|一类|类指标|类|都有谁|有谁|谁家?|是谁|单位|项目|表格?|自评|指标|绩效|"
    r"(?:干|做|办|搞|忙)(?:了|过|的)?(?:些|点)?(?:啥|什么|哪些)?(?:活儿?|事情?|工作)?(?=[^\u4e00-\u9fff]|$)|干了|做了|办了|搞了|活儿?(?=[^\u4e00-\u9fff]|$)|几(?:场|次|个|家|人)|多少(?:人|次|场|家|个)?|"
    r"(?<![\u4e00-\u9fff])(?:覆盖|办理|开展|达到)(?![\u4e00-\u9fff])|完成(?:情况|得)?(?![\u4e00-\u9fff])|给我|帮我|替我|请问|想知道|想了解|关心|告诉|比较|来着|吗|呢|吧|啊|呀|的话|以及|还有|并且|而且"
)  # fmt: skip
"""Words that ask for an overview and are no topic of one."""
NOISE_EN = frozenset((
    "a", "about", "according", "across", "admit", "admits", "admitted", "all", "altogether", "an", "and", "any", "are", "as", "aspects",
    "at", "been", "being", "big", "both", "briefly", "by", "can", "commission", "contain", "could", "deviation", "did", "do", "does",
    "done", "each", "either", "evaluation", "every", "explain", "extent", "fare", "fared", "find", "five", "for", "form", "forms",
    "four", "from", "general", "generally", "get", "give", "had", "has", "have", "highlights", "how", "i", "in", "into", "is", "issue",
    "issues", "it", "its", "key", "know", "learn", "least", "let", "like", "look", "looking", "looks", "lose", "losing", "lost", "main",
    "mainly", "major", "make", "mark", "marks", "me", "most", "my", "note", "notes", "of", "on", "one", "or", "our", "out", "over",
    "overall", "overview", "own", "part", "parts", "people", "perform", "performed", "picture", "please", "points", "problem",
    "problems", "project", "projects", "question", "quick", "reason", "reasons", "review", "say", "says", "score", "scores", "seem",
    "self", "several", "she", "shortcomings", "should", "show", "six", "so", "some", "strengths", "sum", "summarise", "summarize",
    "summary", "tell", "ten", "that", "the", "their", "them", "themselves", "there", "these", "they", "this", "those", "three", "to",
    "together", "two", "under", "up", "us", "was", "we", "weak", "weakness", "weaknesses", "were", "what", "when", "where", "which",
    "who", "why", "with", "would", "year", "years", "you", "your",
))  # fmt: skip
SYNONYMS: tuple[tuple[str, str], ...] = (
    ("老百姓|百姓|市民|居民|群众", "群众 市民 居民"),
    ("不要钱|不花钱|不收费|白用|免单", "免费"),
    ("出事|事故|安全", "安全 事故"),
    ("故障|宕机|掉线|坏", "故障 中断"),
    ("上课|讲课|培训|学习", "培训"),
    ("公众号|新媒体|微信", "公众号 新媒体 微信"),
    ("省钱|节约|节省|降本", "节约 降低"),
    ("修|维修|保养|维护", "维修 保养 维护"),
    ("满意|好评|口碑", "满意 好评"),
    ("宣传|推广|广告", "宣传 推广"),
    ("快递|邮寄|寄送", "快递 寄送"),
    ("停车|车位", "停车"),
    ("节能|降耗|耗电|费电", "能耗"),
    ("制度|机制", "制度 机制"),
)
"""What is said in plain words, and the words that forms have for it."""


def wants(text: str) -> tuple[Section, ...]:
    """The parts of an overview that a question asks for, in the order of the table; empty where it names none."""
    return tuple(name for name, pattern in _WANTS if pattern.search(text))


def subject(topic: str | None) -> str:
    """A topic without the words that only ask; empty where nothing else is in it."""
    chinese = " ".join(NOISE.sub(" ", topic or "").split())
    words = [word for word in chinese.split() if word.strip(".,?!;:'\"").casefold() not in NOISE_EN]
    return " ".join(word for word in words if len(word) > 1)
