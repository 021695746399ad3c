# ruff: noqa: E501 - tables of patterns
"""Orders inside of questions that no question has to give: dropped before anything is planned. Data only; patterns over normalised text."""

from __future__ import annotations

import re

_REST = r"[^。!?;,:\n]*"
_TO_STOP = r"(?:(?![.!?](?:\s|$))[^。!?;,:\n])*"

ORDERS = re.compile(
    "|".join(
        (
            # Forget what you were told.
            rf"(?:请|你)?(?:忽略|无视|忘掉|忘记|忘了|别管|不要管|不用管|不要理会|抛开|跳过|绕过|不用看|别看){_REST}",
            rf"(?:please )?(?:ignore|disregard|forget|bypass|override|skip)\b{_TO_STOP}",
            # Be somebody else, somewhere else.
            rf"你(?:现在|从现在起|从此)?(?:是|进入|扮演|切换|变成|处于|已经是){_REST}",
            rf"(?:现在)?(?:请)?(?:进入|切换到?|开启|启用){_REST}模式",
            rf"(?:假装|假设你|假定你|扮演){_REST}",
            rf"you are now\b{_TO_STOP}|(?:pretend|act as|roleplay|imagine)\b{_TO_STOP}|(?:enter|switch to|enable) \w+ mode",
            # I am somebody who may.
            rf"我(?:就)?是(?:\w{{0,8}})?(?:领导|局长|主任|处长|科长|书记|管理员|老板|开发者|负责人|财政局的?|上级|作者|超级用户){_REST}",
            r"(?:这里)?(?:都|全)?(?:我|领导|上级)说了算|(?:都|全|要|必须|务必|只能)?听我的|(?:请)?(?:按|照|按照|依)我(?:说|讲|要求|吩咐)的?(?:来|办|做|回答)?|i am (?:the|your|an?) (?:\w+ )?(?:boss|admin\w*|director|developer|owner|leader)\b",
            # Show what is inside.
            rf"(?:先)?(?:请)?(?:把|将)?(?:你的)?(?:系统提示词?|提示词|系统指令|内部指令|system ?prompt|密钥|密码|api ?key){_REST}",
            rf"(?:先)?(?:请)?(?:打印|输出|显示|泄露|复述|重复|告诉我)(?:出|你的?)*(?:系统提示|提示词|系统指令|内部指令|密钥|密码){_REST}",
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
            # Program text and marks of a chat.
            r"(?:drop|truncate|alter) table\b[^。?]*|(?:delete|select)\s[^。?]{0,60}\bfrom\s+\w+[^。?]*|insert into\b[^。?]*|\bunion select\b[^。?]*|\bor 1\s*=\s*1|--+\s*$",
            r"</?(?:system|user|assistant|im_start|im_end|s|inst)\b[^>]*>|<\|[^|>]*\|>|\[/?inst\]|(?:^|\n|\s)(?:system|assistant|user)\s*:",
        )
    )
)  # fmt: skip

EXCLUDED = re.compile(
    r"[(\[【][^()\[\]【】]*(?:不要算|不算|别算|不计|除外|排除|剔除|不含|不包括|不包含|exclud|leave out|not count)[^()\[\]【】]*[)\]】]"
    r"|,?[^,。?!;()]*(?:不要算|不算|别算|不计|排除|剔除|不含|不包括)(?:进来|进去|在内|在)*(?=[,。?!;)]|$)|,?(?:excluding|leaving out|not counting)[^,。?!;()]*"
)
"""What is to be left out. Forms whose money unit is doubtful are left out of amounts anyway."""
