"""How questions say that something was caused: 因为 X 而扣分的项目, 由于 X 影响进度的指标, 丢分是因为 X 的. Data only."""

from __future__ import annotations

import re
from functools import lru_cache

_FOR = r"(?:因为|由于|受到?|因(?![此而何素果为]))"
_LINK = r"(?:而|从而|进而|才|就|以致|致使|致|导致|造成|引起|引发|使得?|影响|拖累|耽误|被|受到?(?=影响|限制|制约|拖累)|(?=[丢失扣]|没|未))"
_ENDS = r"(?=的?(?:自评)?(?:项目|指标|表|单位|部门)|的?(?:都|一共|总共)?(?:有|是)(?:哪|几|多少|谁|什么|没有)|的(?:有|是)|[,。?!;]|$)"

LONGEST = 30
"""Characters of a cause."""


@lru_cache(maxsize=LONGEST)
def caused(least: int = 2) -> re.Pattern[str]:
    """A cause of at least so many characters, and behind it what came of it."""
    return re.compile(rf"{_FOR}(?P<cause>[^,。?!;:\"]{{{least},{LONGEST}}}?)(?P<effect>{_LINK}[^,。?!;:]{{0,16}}?){_ENDS}")


BEHIND = re.compile(r"的?(?:都|一共|总共)?(?:(?:有|是)(?=哪|谁|什么|[,。?!;]|\Z))?")
"""What links it to what is asked, and means nothing by itself."""
BLAMED = re.compile(
    r"(?:都|全|就)?是(?:因为|由于)(?P<cause>[^,。?!;:\"]{2,24}?)(?P<effect>的|(?:才|而)?(?:导致|造成|引起|影响)的)?(?=\s*[?。!]*\Z)"
)
"""The same with what came of it before: 这些项目丢分都是因为 X 造成的."""
EFFECT = re.compile(
    r"(?:而|从而|进而|才|就|以致|致使|致|导致|造成|引起|引发|使得?|影响|拖累|耽误|被|受|到|了|过|的|都|也|还|最终|直接|间接|部分|全部|整体|正常|顺利"
    r"|没有?|未能?|无法|不能|不足|不了|不到|按[时期]|按计划|如期|[做干办建搞][完成好]|完成|达标|达成|达到|达|实现|开展|实施|推进|执行|建设|验收|落地|上线"
    r"|指标值?|目标值?|任务|计划|绩效|进度|工期|工作|效果|效益|质量|成绩|得分|分数|情况|偏差|结果"
    r"|拖延|拖慢|拖后?|延误|延期|延迟|推迟|滞后|延后|落后|变慢|受阻|打折扣?|偏低|较低|降低|下降"
    r"|扣减?|丢掉?|失掉?|少|减|掉|没拿到?|拿不到|满|分)+\Z"
)
"""Words of what a cause may come to; whoever says more than these asks for something else."""
OTHERWISE = re.compile(
    r"\d|什么|啥|何|哪|谁|怎|此|这|那|原因|理由|说明|解释|执行率|得分|总分|分值|评分|等级|权重|自评|没写|未写|没有写|指标设"
)
"""What stands in a cause that is no cause in words of its own: a question, a condition, what forms are checked for."""
WHOSE = re.compile(r"的(?:项目|指标|表|单位|部门)\s*[?。!]*\Z")
"""因为 X 而扣分的项目: what ends so asks for all of them, without any 哪些."""
