# ruff: noqa: E501 - tables of patterns
"""The first few forms of an order, and other words that say which forms are meant. Data only."""

from __future__ import annotations

import re

from agents.answer.query import Measure

_END = r"最(?:不)?(?:低|高|大|小|多|少|差|好|慢|快|靠前|靠后)的?(?:前|后|那|这)?(?:[0-9]{1,3}|[一二两三四五六七八九十]{1,3})"
_OF_FORMS = r"(?:(?:个|张|份)?(?:的)?(?:项目|自评表|表(?!格))|(?:个|张|份)(?=$|[,。?!;]|为|都|主要|总体|有什么|有哪))"
_ENDS_EN = r"(?:lowest|highest|largest|biggest|smallest|worst|best|most|fewest)"
_MEASURES: tuple[tuple[Measure, str, str], ...] = (
    ("total_score", r"(?:得|总|评)分(?:数)?|分数|成绩|绩效(?:评价)?(?:结果)?|表现|自评", rf"{_ENDS_EN}[- ](?:scoring|scored|rated|performing) (?:projects|forms)|(?:projects|forms) with the {_ENDS_EN} (?:total )?scores?"),
    ("execution_rate", r"执行率|执行(?:进度|情况)", rf"(?:projects|forms) with the {_ENDS_EN} execution rates?"),
    ("lost_points", r"(?:扣|失|丢)(?:的)?分(?:数|值)?", r"(?:projects|forms) (?:that|which) lost (?:the )?(?:most|fewest) points"),
    ("adjusted_budget", r"(?<!年初)预算(?:数|额|金额|资金|规模|盘子)?|资金(?:规模|量|额)", rf"(?:projects|forms) with the {_ENDS_EN} (?:adjusted )?budgets?"),
    ("original_budget", r"年初预算(?:数|额|金额)?", rf"(?:projects|forms) with the {_ENDS_EN} original budgets?"),
    ("outturn", r"(?:全年)?执行数|支出(?:数|额|金额)?|花(?:的)?钱|花费", rf"(?:projects|forms) with the {_ENDS_EN} (?:outturns?|spending)"),
)  # fmt: skip
FIRST_BY = tuple((measure, re.compile(f"(?:{zh}){_END}{_OF_FORMS}|{en}")) for measure, zh, en in _MEASURES)
"""By what an order is of which the first few forms are meant (执行率最低的十个项目). Indicators, units, years and reasons are no forms."""
MEANT = re.compile(
    rf"[\u4e00-\u9fff]{{0,6}}{_END}|(?:自评|评价|绩效)?(?:[总得评]+分|分数|执行率|预算|执行数|等级)[^,。?!;的]{{0,4}}"
    r"(?:低于|高于|超过|不足|不到|未达|没到|大于|小于|少于|多于|达到|[<>≤≥])[^,。?!;的]{1,12}"
    r"|[0-9.]+(?:分|%)(?:及)?以[上下]"
    rf"|{_ENDS_EN}[- ]\w+|\w+ (?:below|above|under|over|less than|more than) [0-9.]+"
)
"""Words that say which forms are meant."""
