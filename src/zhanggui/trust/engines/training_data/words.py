"""Words that no shop may sell by: a model learns from the words of goods and would place one beside the other. Pure.

What is forbidden to sell is named by few words that mean nothing else (电子商务法 art. 13, and the lists that platforms
publish; texts not read). It is no judge of advertising: superlatives (广告法 art. 9) say nothing to a recommender.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

FORBIDDEN = (
    "海洛因", "冰毒", "摇头丸", "氯胺酮", "大麻烟", "罂粟壳", "仿真枪", "气枪", "弹药", "电击棍", "迷药", "催情",
    "窃听器", "针孔偷拍", "假币", "假钞", "代开发票", "办假证", "银行卡四件套", "象牙制品", "犀角", "穿山甲片", "虎骨",
    "翻墙软件", "考试作弊器", "heroin", "methamphetamine", "counterfeit money", "ghost gun",
)  # fmt: skip
_ANY = re.compile("|".join(map(re.escape, FORBIDDEN)), re.IGNORECASE)


def forbidden(texts: Mapping[str, str]) -> tuple[str, ...]:
    """The ids of goods whose words name what may not be sold."""
    return tuple(id_ for id_, text in texts.items() if _ANY.search(text))
