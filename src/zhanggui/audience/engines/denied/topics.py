"""The words that give a sensitive thing away, by topic: Chinese by spelling, English by whole words."""

from __future__ import annotations

import enum
from collections.abc import Mapping


class Topic(enum.StrEnum):
    """What may not be inferred."""

    HEALTH = "health"
    RELIGION = "religion"
    SEXUALITY = "sexuality"
    POLITICS = "politics"
    IDENTITY = "identity"
    MINORS = "minors"


_CHINESE: Mapping[Topic, str] = {
    Topic.HEALTH: """
    药 医 病 症 疗 诊 癌 瘤 糖尿 血糖 血压 血脂 胰岛 抑郁 焦虑 失眠 助眠 褪黑素 精神 孕 备孕 避孕 验孕 排卵
    产后 流产 痔 痛风 过敏 哮喘 鼻炎 胃炎 肝炎 艾滋 梅毒 性病 早泄 阳痿 壮阳 补肾 前列腺 妇科 更年期 月经
    卫生巾 痛经 不孕 减肥 瘦身 减脂 保健 康复 轮椅 拐杖 助听 假肢 护理垫 成人纸尿 成人尿 戒烟 戒酒 脱发 生发
    祛痘 皮炎 湿疹 牛皮癣 甲状腺 消炎 止痛 退烧 退热 感冒 咳嗽 体温计 血氧 测试纸 试剂 抗原 核酸 疫苗 残疾
    残障 盲杖 无糖尿 低GI
    """,
    Topic.RELIGION: """
    宗教 佛 菩萨 观音 念珠 佛珠 供香 香炉 经书 袈裟 道教 道袍 符咒 开光 护身符 基督 天主 耶稣 圣经 十字架 圣母
    教堂 祷告 伊斯兰 穆斯林 清真 古兰 可兰 斋月 礼拜 头巾 犹太 安息日 印度教 藏传 唐卡 转经 寺 庙 祭祀 祭祖
    冥币 纸钱
    """,
    Topic.SEXUALITY: """
    情趣 成人用品 性用品 安全套 避孕套 润滑液 自慰 飞机杯 跳蛋 振动棒 震动棒 按摩棒 性感内衣 情色 色情 同性恋
    同志 彩虹旗 双性恋 跨性别 变性 性取向 性别认同 拉拉 基佬 百合向 耽美 捆绑 皮鞭
    """,
    Topic.POLITICS: """
    政治 政党 党员 党徽 党建 党史 入党 共产党 国民党 民进党 选举 竞选 选票 示威 抗议 维权 上访 游行 异见 人权
    独立运动 台独 港独 工会 政见 意识形态 领袖 领导人像
    """,
    Topic.IDENTITY: """
    民族服饰 少数民族 维吾尔 回族 藏族 蒙古族 种族 移民 难民 军人 退伍 军属 出狱 刑满 低保 贫困户 征信 贷款
    网贷 催收 破产 身份证 户口 指纹 人脸 虹膜 基因 DNA
    """,
    Topic.MINORS: """
    婴 宝宝 幼儿 儿童 小孩 孩子 童装 童鞋 童书 童车 女童 男童 中童 大童 学步 奶粉 奶瓶 奶嘴 纸尿裤 尿不湿 尿布
    辅食 早教 学龄 小学 初中 中学生 小学生 未成年 青少年 少儿 亲子 母婴 开学季 书包 校服 积木 爬行垫 推车
    """,
}
_ENGLISH: Mapping[Topic, str] = {
    Topic.HEALTH: """
    medicine medicines medical medication drug drugs pharmacy pharmaceutical pill pills prescription health
    healthcare disease disorder illness patient therapy therapeutic clinic hospital diagnosis diagnostic
    cancer tumor tumour diabetes diabetic insulin glucose hypertension cholesterol depression depressed
    antidepressant anxiety insomnia melatonin psychiatric adhd autism epilepsy pregnancy pregnant maternity
    fertility ovulation contraceptive contraception abortion postpartum menopause menstrual period-pads tampon
    tampons sanitary hiv aids std herpes viagra erectile prostate hemorrhoid hemorrhoids haemorrhoid gout
    asthma allergy allergies eczema psoriasis acne arthritis thyroid hepatitis incontinence wheelchair crutch
    crutches prosthesis prosthetic hearing-aid disability disabled rehab rehabilitation weight-loss slimming
    diet-pill obesity nicotine detox vaccine thermometer oximeter antigen antihistamine aspirin ibuprofen
    painkiller painkillers cough fever supplement supplements
    """,
    Topic.RELIGION: """
    religion religious church mosque synagogue temple christian christianity catholic protestant orthodox
    bible jesus christ cross-pendant crucifix rosary prayer pray islam islamic muslim quran koran halal hijab
    ramadan jewish judaism kosher torah menorah hanukkah buddha buddhist buddhism bodhisattva hindu hinduism
    sikh taoist shrine altar saint holy baptism communion worship incense-altar
    """,
    Topic.SEXUALITY: """
    sex sexy sexual sexuality erotic erotica adult-toy adult-toys vibrator vibrators dildo condom condoms lube
    lubricant fetish bondage bdsm lingerie-erotic gay lesbian bisexual transgender queer lgbt lgbtq pride-flag
    porn pornography masturbator escort homosexual
    """,
    Topic.POLITICS: """
    politics political politician party-member communist communism democrat democrats republican republicans
    election electoral ballot vote voter campaign-hat protest protester activist dissident human-rights
    union-member trade-union propaganda socialism socialist fascist nazi ideology
    """,
    Topic.IDENTITY: """
    ethnic ethnicity race racial immigrant refugee veteran veterans criminal parole bankruptcy payday-loan
    debt fingerprint biometric biometrics genome genetic dna passport
    """,
    Topic.MINORS: """
    baby babies infant infants newborn toddler toddlers child children children's childrens kid kids kid's
    teen teens teenager teenagers juvenile underage diaper diapers nappy nappies pacifier stroller pram crib
    formula-milk school schoolbag pupil kindergarten nursery preschool boys girls boy girl
    """,
}
SPARED = ("山药", "芍药", "没药", "佛手", "佛跳墙", "铁观音", "观音王", "城隍庙", "佛山", "毛病", "寺冈")
"""Words of goods that only look like one of the above; they are taken out before anything is looked for."""
_GENDERED = (
    """
    女装 男装 女士 男士 女式 男式 女款 男款 女生 男生 女性 男性 妈妈 爸爸 妻 丈夫 老公 老婆 女友 男友
    """,
    """
    women women's womens men men's mens woman man ladies lady gentlemen female male girlfriend boyfriend wife
    husband mother father mum dad
    """,
)


def words_of(topic: Topic) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(Chinese, English) words of a topic; a hyphen in an English one stands for a blank or a hyphen."""
    return tuple(_CHINESE[topic].split()), tuple(_ENGLISH[topic].split())


def gendered_words() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(Chinese, English) words that would teach a taste vector somebody's sex; they are left out of it."""
    return tuple(_GENDERED[0].split()), tuple(_GENDERED[1].split())


_UNSAID = (
    """
    养生 养胃 暖胃 润肺 清肺 降火 去火 祛湿 安神 排毒 滋补 补气 补血 明目 护肝 助消化 通便 抗衰 无糖 低糖 低脂 代餐
    """,
    """
    wellness detoxifying calming-tea sleep-tea digestion digestive immunity antioxidant sugar-free low-fat keto
    """,
)


def unsaid_words() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(Chinese, English) words that many harmless goods carry: the goods speak, the word itself is told of nobody."""
    return tuple(_UNSAID[0].split()), tuple(_UNSAID[1].split())
