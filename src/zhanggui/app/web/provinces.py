"""Where an order goes, as coarse as the shop keeps it: province and tier of the city, in the reader's words."""

from __future__ import annotations

from zhanggui.kernel.words import N_, words

PROVINCES: dict[str, str] = {
    "北京": N_("Beijing"), "天津": N_("Tianjin"), "河北": N_("Hebei"), "山西": N_("Shanxi"),
    "内蒙古": N_("Inner Mongolia"), "辽宁": N_("Liaoning"), "吉林": N_("Jilin"), "黑龙江": N_("Heilongjiang"),
    "上海": N_("Shanghai"), "江苏": N_("Jiangsu"), "浙江": N_("Zhejiang"), "安徽": N_("Anhui"),
    "福建": N_("Fujian"), "江西": N_("Jiangxi"), "山东": N_("Shandong"), "河南": N_("Henan"),
    "湖北": N_("Hubei"), "湖南": N_("Hunan"), "广东": N_("Guangdong"), "广西": N_("Guangxi"),
    "海南": N_("Hainan"), "重庆": N_("Chongqing"), "四川": N_("Sichuan"), "贵州": N_("Guizhou"),
    "云南": N_("Yunnan"), "西藏": N_("Tibet"), "陕西": N_("Shaanxi"), "甘肃": N_("Gansu"),
    "青海": N_("Qinghai"), "宁夏": N_("Ningxia"), "新疆": N_("Xinjiang"), "台湾": N_("Taiwan"),
    "香港": N_("Hong Kong"), "澳门": N_("Macao"),
}  # fmt: skip
"""The name that is stored → the msgid that is shown."""

TIERS: dict[str, str] = {
    "1": N_("First-tier city"),
    "2": N_("New first-tier or second-tier city"),
    "3": N_("Third-tier city"),
    "4": N_("Fourth-tier city"),
    "5": N_("Fifth-tier city, town or village"),
}
"""The tier that is stored → the msgid that is shown."""


def province(name: str, language: str) -> str:
    """A province as the reader calls it; what is none stands as it was written."""
    return words(language).gettext(PROVINCES[name]) if name in PROVINCES else name
