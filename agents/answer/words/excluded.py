# ruff: noqa: E501 - tables of patterns
"""How questions leave forms out: 除了X以外, 不含X, X之外, 非X的, excluding X, outside X. Data only; patterns over normalised text."""

from __future__ import annotations

import re

BEFORE = re.compile(
    r"(?:除(?:了|去|开|掉|却)|(?<![扣拆清免解删根废破消排剔刨])除(?!以|此|夕|湿|尘|雪|草|险|臭|油|锈)|抛开|撇开|刨(?:除|去|掉|开)(?:了)?|去掉|(?<![算含计])不(?:要|用)?(?:算|计|计入|含|包括|包含|考虑|统计)(?:上)?|(?:剔|排)除(?:掉|了)?)(?:在外)?"
    r"|\b(?:excluding|except(?:ing)?(?: for)?|apart from|aside from|other than|leaving out|not (?:counting|including)|leave out|exclude)\b"
)
"""Stands before what is left out."""
BESIDE_NAMES = re.compile(
    r"(?<!是)不是|并非|非|不(?:在|属于?|归|由)|不属于|\b(?:outside(?: of)?|not (?:from|in|of|by|run by|belonging to)|without)\b"
)
"""The same where a name follows at once; elsewhere it says something else."""
BEHIND = re.compile(
    r"(?:的)?(?:(?:这|那)?(?:一|几|两|三|四|\d)?(?:个|家|项|张|份)?(?:项目|单位|部门|表)?)?(?:的)?(?:都)?(?:(?:以|之)外|除外|(?:都)?(?<![算计])不(?:要|用)?(?:算|计)(?:入|在内|进来|进去)?(?=[,。?!;)\]]|$)|(?:都)?(?:剔除|排除)(?:掉|在外)?(?=[,。?!;)\]]|$)|excluded|left out)"
)
"""Stands behind it."""
CLOSED = re.compile(
    r"(?:的)?(?:(?:这|那)?(?:一|几|两|三|四)?(?:个|家|项)?(?:项目|单位|部门|表))?(?:以外|之外|外(?!部|网|包|语|资|地|来)|不算|不计)?(?:的)?(?:(?=其他|其它|其余|另外)|(?=,))?,?"
)
"""What may end a phrase that began before the names."""
AND = re.compile(r"\s?(?:[、/]|和|与|及|以及|跟|and|or|或)\s?")
SKIPPED = re.compile(r"[\s\"]*(?:the |any |all |projects? (?:of|from|in|by) (?:the )?)?(?:那|这)?(?:一|几|两|三|四)?(?:个|家|项)?[\s\"]*")
"""What may stand between a marker and a name."""
WORD = re.compile(
    r"[^,。?!;:()\[\]\"]{2,24}?(?=(?:的)?(?:以外|之外|外(?!部|网|包|语|资|地|来)|还有|还剩|其他|其它|其余|另外|都|,|。|\?|!|;|\)|\]|\"|$))|[a-z][a-z' -]{2,40}"
)
"""What is left out where no whole name stands there."""
TAIL = re.compile(r"(?:的)?(?:(?:这|那)(?:一)?(?:几)?(?:个|家|项)?)?(?:项目|单位|部门|表|区|等)?\Z")
FURTHER = re.compile(r"了?(?:几|多少|什么|哪)|此|这|那(?!个|家)|以上|上述|前面|什么|哪")
"""除此之外, 除了这些: nothing is named, more is asked for."""
