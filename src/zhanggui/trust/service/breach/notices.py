"""The notice of a leak: what PIPL art. 57 and GDPR art. 34 want said, with places for what only people know."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

ZH = """【演练样稿，未发送】关于个人信息安全事件的告知

尊敬的客户：
{title}于 {day} 发现一起个人信息安全事件。
一、涉及的信息种类：{kinds}。
二、原因：{cause}。可能造成的危害：[请填写]。
三、我们已采取的补救措施：[请填写]。你可以采取的措施：警惕陌生来电和短信，不要提供验证码；如在别处使用相同密码，请尽快修改。
四、联系方式：[联系人、联系方式]。
你可以随时要求查阅、复制或删除你的个人信息。
"""
EN = """[Draft of a drill, not sent] Notice of a personal data breach

Dear customer,
{title} found a breach of personal data on {day}.
1. Kinds of data concerned: {kinds}.
2. Cause: {cause}. Harm that may follow: [fill in].
3. What we have done: [fill in]. What you can do: be wary of calls and messages from strangers, give nobody a code, and
   change passwords that you use elsewhere too.
4. Whom to ask: [name, telephone, e-mail].
You may ask at any time to see, copy or erase what we hold of you.
"""
KINDS = {
    "customers": ("客户资料（地区、年龄段等）", "customer records (region, age band and the like)"),
    "orders": ("订单", "orders"),
    "reviews": ("评价", "reviews"),
    "questions": ("提问", "questions"),
    "events": ("浏览行为", "browsing behaviour"),
    "folded_histories": ("浏览行为", "browsing behaviour"),
    "sealed": ("姓名、电话、邮箱、地址", "names, phones, e-mails, addresses"),
}
OTHER = ("账户与偏好记录", "records of accounts and preferences")


def notices(title: str, found_at: datetime, readable: Sequence[str], cause: str) -> dict[str, str]:
    """The notice in Chinese and English. `readable` are fields as `table.field`."""
    kinds = _kinds(readable)
    day = found_at.date().isoformat()
    zh = ZH.format(title=title, day=day, kinds="、".join(one for one, _ in kinds), cause=cause or "[请填写]")
    en = EN.format(title=title, day=day, kinds=", ".join(two for _, two in kinds), cause=cause or "[fill in]")
    return {"zh": zh, "en": en}


def _kinds(readable: Sequence[str]) -> list[tuple[str, str]]:
    found = [
        KINDS["sealed"] if field.endswith((".sealed", ".wrapped")) else KINDS.get(field.partition(".")[0], OTHER)
        for field in readable
    ]
    return list(dict.fromkeys(found))
