"""The fields that columns are mapped to, by kind, with the names that platforms give them in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from zhanggui.shop.types.imports import ImportKind

Type = Literal[
    "id", "short", "text", "decimal", "price", "count", "moment", "currency", "language", "region", "choice", "list"
]


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its type, whether a row must have it, and the column names it goes by."""

    type: Type
    names: tuple[str, ...] = ()
    is_required: bool = False


def _field(type_: Type, names: str = "", *, required: bool = False) -> Field:
    return Field(type_, tuple(names.split("|")) if names else (), required)


_PRODUCT_ID = (
    "商品id|宝贝id|商品编号|商品编码|商品货号|货号|product id|item id|item_id|stockcode|stock code|spu|spu id|asin|"
    "product code|编号"
)
_VARIANT_ID = "规格id|sku|sku id|sku编码|规格编码|商家编码|外部系统编号|variant id|variant sku|lineitem sku"
_ORDER_ID = (
    "订单编号|订单号|主订单编号|订单id|交易编号|order id|order no|order number|invoiceno|invoice no|invoice|order|name"
)
_CUSTOMER_ID = (
    "客户id|会员id|买家id|用户id|客户编号|会员编号|customer id|customerid|user id|member id|buyer id|client id|customer"
)
_PRICE = (
    "售价|价格|单价|商品价格|商品单价|销售价|一口价|京东价|"
    "sale price|price|unit price|unitprice|lineitem price|variant price|item cost"
)
_QUANTITY = "数量|购买数量|商品数量|宝贝数量|宝贝总数量|件数|订购数量|quantity|qty|lineitem quantity"
_TITLE = (
    "商品名称|宝贝标题|商品标题|宝贝名称|标题|名称|品名|商品|"
    "title|product name|product title|description|lineitem name|name|product"
)
_PROVINCE = "省|省份|收货省份|收货人省份|所在省份|地区|province|state|region|country|shipping province|billing province"
_AT = (
    "下单时间|订单创建时间|创建时间|成交时间|交易时间|付款时间|订单付款时间|"
    "order date|invoicedate|invoice date|created at|日期|date|time|timestamp|datetime"
)
_LICENCE = "授权|文本授权|版权|版权授权|licence|license|text licence|text license|content license"
_CURRENCY = _field("currency", "币种|货币|currency|currency code")

_PERSON = {
    "name": _field(
        "short",
        "收货人|收货人姓名|客户姓名|姓名|会员姓名|联系人|shipping name|billing name|customer name|full name|name",
    ),
    "first_name": _field("short", "名|first name|given name|forename|shipping first name|billing first name"),
    "last_name": _field("short", "姓|姓氏|last name|surname|family name|shipping last name|billing last name"),
    "phone": _field(
        "short", "手机|手机号|手机号码|联系手机|联系电话|收货人手机|电话|phone|mobile|telephone|shipping phone"
    ),
    "email": _field("short", "邮箱|电子邮箱|电子邮件|email|e-mail"),
    "address": _field("text", "收货地址|地址|详细地址|收货人地址|address|shipping address1|shipping street"),
    "nickname": _field(
        "short", "买家昵称|买家会员名|昵称|会员名|用户名|下单帐号|下单账号|旺旺|nickname|username|buyer nick"
    ),
    "province": _field("region", _PROVINCE),
    "city_tier": _field("count", "城市等级|city tier"),
}

_PRICES = {
    "currency": _CURRENCY,
    "list_price": _field(
        "price", "原价|划线价|市场价|吊牌价|list price|compare at price|variant compare at price|msrp"
    ),
    "cost": _field("price", "成本|成本价|进价|采购价|cost|cost per item|unit cost"),
    "on_hand": _field("count", "库存|库存数量|在库|可用库存|总库存|stock|inventory|on hand|variant inventory qty"),
    "allocated": _field("count", "已占用|占用库存|allocated|reserved"),
    "market": _field("short", "市场|market"),
    "channel": _field("short", "渠道|channel|销售渠道"),
}

_LINES = {
    "line_id": _field("id", "子订单编号|子订单号|明细编号|line id|line item id|order item id|order line id"),
    "product_id": _field("id", _PRODUCT_ID),
    "variant_id": _field("id", _VARIANT_ID),
    "title": _field("short", _TITLE),
    "quantity": _field("count", _QUANTITY, required=True),
    "unit_price": _field("decimal", _PRICE),
    "amount": _field(
        "decimal", "实付金额|实付款|买家实际支付金额|实收款|金额|小计|商品金额|amount|line total|subtotal|total"
    ),
    "discount": _field("decimal", "优惠|优惠金额|折扣|discount|lineitem discount|discount amount"),
}

FIELDS: Final[Mapping[ImportKind, Mapping[str, Field]]] = {
    ImportKind.ORDERS: {
        "order_id": _field("id", _ORDER_ID, required=True),
        **_LINES,
        "at": _field("moment", _AT, required=True),
        "state": _field("choice", "订单状态|交易状态|状态|order status|financial status|status"),
        "currency": _CURRENCY,
        "market": _field("short", "市场|market"),
        "channel": _field("short", "渠道|订单来源|channel|source"),
        "customer_id": _field("id", _CUSTOMER_ID),
        "visitor_id": _field("id", "访客id|visitor id|cookie id"),
        **_PERSON,
        "tracking_id": _field("id", "物流单号|快递单号|运单号|tracking number|tracking id"),
        "carrier": _field("short", "物流公司|快递公司|承运商|carrier|shipping company"),
        "shipped_at": _field("moment", "发货时间|shipped at|fulfilled at"),
        "delivered_at": _field("moment", "签收时间|收货时间|确认收货时间|delivered at"),
    },
    ImportKind.RETURNS: {
        "return_id": _field("id", "退款编号|退款单号|售后单号|退货单号|return id|refund id|rma", required=True),
        "order_id": _field("id", _ORDER_ID),
        "customer_id": _field("id", _CUSTOMER_ID),
        **_LINES,
        "at": _field("moment", "退款时间|申请时间|退款申请时间|退货时间|refunded at|return date|" + _AT, required=True),
        "currency": _CURRENCY,
        "reason": _field("text", "退款原因|退货原因|原因|reason|return reason"),
    },
    ImportKind.PRODUCTS: {
        "product_id": _field("id", _PRODUCT_ID + "|id|handle|item_group_id", required=True),
        "variant_id": _field("id", _VARIANT_ID),
        "title": _field("short", _TITLE),
        "description": _field("text", "商品描述|描述|详情|卖点|body (html)|body html|description|details"),
        "category": _field("list", "类目|分类|商品分类|商品类目|所属类目|category|product category|product type|type"),
        "brand": _field("short", "品牌|品牌名称|brand|vendor|manufacturer"),
        "keywords": _field("list", "关键词|标签|keywords|tags"),
        "images": _field("list", "图片|主图|商品图片|商品主图|image|images|image src|image link|image url|picture"),
        "seller": _field("id", "商家id|店铺id|seller id|seller"),
        "state": _field("choice", "商品状态|上架状态|状态|status|state|published"),
        "item_type": _field("choice", "内容类型|条目类型|item type|content type"),
        "link": _field("text", "内容链接|content link|content url"),
        "runs_from": _field("moment", "开播时间|直播开始时间|runs from|live from"),
        "runs_until": _field("moment", "下播时间|直播结束时间|runs until|live until"),
        "created_at": _field("moment", "上架时间|创建时间|发布时间|created at|published at"),
        "barcode": _field("short", "条形码|条码|国际条码|barcode|gtin|ean|upc|variant barcode"),
        "weight_g": _field("count", "重量(克)|重量g|克重|weight g|grams|variant grams"),
        "language": _field("language", "语言|language|locale"),
        "licence": _field("choice", _LICENCE),
        "price": _field("price", _PRICE),
        **_PRICES,
    },
    ImportKind.OFFERS: {
        "product_id": _field("id", _PRODUCT_ID, required=True),
        "variant_id": _field("id", _VARIANT_ID),
        "price": _field("price", _PRICE, required=True),
        **_PRICES,
        "starts_at": _field("moment", "开始时间|生效时间|starts at|start date"),
        "ends_at": _field("moment", "结束时间|失效时间|ends at|end date"),
    },
    ImportKind.CUSTOMERS: {
        "customer_id": _field("id", _CUSTOMER_ID + "|id", required=True),
        **_PERSON,
        "age_band": _field("choice", "年龄段|年龄|age band|age"),
        "gender": _field("choice", "性别|gender|sex"),
        "language": _field("language", "语言|language|locale"),
        "joined_at": _field("moment", "注册时间|入会时间|成为会员时间|joined at|registered at|created at|signup date"),
    },
    ImportKind.REVIEWS: {
        "review_id": _field("id", "评价id|评价编号|评论id|评论编号|review id|id"),
        "product_id": _field("id", _PRODUCT_ID, required=True),
        "customer_id": _field("id", _CUSTOMER_ID),
        "order_id": _field("id", _ORDER_ID),
        "stars": _field("count", "评分|星级|打分|评价星级|stars|rating|score"),
        "text": _field(
            "text",
            "评价内容|评论内容|评价|评论|内容|review|review text|text|content|comment|body|message|comment message",
        ),
        "language": _field("language", "语言|language|locale"),
        "images": _field("list", "晒图|评价图片|图片|images|photos"),
        "at": _field(
            "moment", "评价时间|评论时间|review date|reviewed at|created at|date|time|timestamp", required=True
        ),
        "reply": _field("text", "商家回复|回复|解释|reply|response"),
        "licence": _field("choice", _LICENCE),
    },
    ImportKind.QUESTIONS: {
        "question_id": _field("id", "问题id|提问id|question id|id"),
        "product_id": _field("id", _PRODUCT_ID, required=True),
        "customer_id": _field("id", _CUSTOMER_ID),
        "text": _field("text", "问题|提问|提问内容|问题内容|question|text", required=True),
        "language": _field("language", "语言|language|locale"),
        "at": _field("moment", "提问时间|asked at|created at|date|time", required=True),
        "answer": _field("text", "回答|回答内容|答案|answer"),
        "answered_at": _field("moment", "回答时间|answered at"),
        "licence": _field("choice", _LICENCE),
    },
    ImportKind.EVENTS: {
        "event_id": _field("id", "事件id|event id|id"),
        "order_id": _field("id", "交易编号|transaction id"),  # of a purchase or refund
        "name": _field(
            "choice", "事件|行为|行为类型|事件名称|event|event name|event type|action|behavior type|name", required=True
        ),
        "at": _field("moment", "时间|发生时间|行为时间|event time|timestamp|time|at|date", required=True),
        "customer_id": _field("id", _CUSTOMER_ID),
        "visitor_id": _field("id", "访客id|设备id|visitor id|session id|cookie id|user pseudo id|user session|session"),
        "product_id": _field("id", _PRODUCT_ID),
        "quantity": _field("count", _QUANTITY),
        "value": _field("decimal", "金额|价值|value|price"),
        "currency": _CURRENCY,
        "engagement_time_msec": _field("count", "停留时长毫秒|engagement time msec"),
        "rating": _field("count", "评分|rating"),
        "surface": _field("short", "展示场景|页面|surface|item list name"),
        "position": _field("count", "坑位|位置|position|index"),
        "query": _field("short", "搜索词|query|search term"),
        "campaign": _field("short", "活动|campaign"),
        "channel": _field("short", "渠道|channel"),
        "list_id": _field("short", "list id"),
        "province": _field("region", _PROVINCE),
    },
    ImportKind.RIVAL_PRICES: {
        "product_id": _field("id", _PRODUCT_ID, required=True),
        "rival": _field("short", "竞品|竞争对手|对手|竞品店铺|rival|competitor|shop", required=True),
        "price": _field("price", "竞品价格|对手价格|价格|售价|price|competitor price", required=True),
        "currency": _CURRENCY,
        "url": _field("text", "链接|网址|url|link"),
        "seen_at": _field("moment", "采集时间|抓取时间|时间|seen at|date|time|at", required=True),
    },
    ImportKind.LABELS: {
        "product_id": _field("id", _PRODUCT_ID, required=True),
        "label": _field("short", "标签|label|tag", required=True),
        "source": _field("choice", "来源|source"),
        "evidence": _field("short", "依据|evidence"),
    },
    ImportKind.IMAGES: {
        "product_id": _field("id", _PRODUCT_ID, required=True),
        "images": _field("list", "图片|主图|图片链接|image|image url|image link|url", required=True),
    },
}
"""By kind of import; a map's `[columns]` has these names on its right side."""

NAMES_OF_PRODUCTS: Final = ("product_id", "variant_id", "title")
"""Of a line of an order any of these names the product."""

PRODUCT_STAND_INS: Final = ("variant_id", *_VARIANT_ID.split("|"), "product")
"""What names the product where no column is called so: a shop that numbers its goods once has a `sku` alone."""

OPEN_PREFIXES: Final = ("option:", "attribute:")
"""A product's options and attributes have names of their own: `option:颜色`, `attribute:产地`."""


def field_of(kind: ImportKind, name: str) -> Field | None:
    """The field called `name`, None when the kind has none."""
    if kind in {ImportKind.PRODUCTS, ImportKind.ORDERS} and name.startswith(OPEN_PREFIXES):
        return Field("short")
    return FIELDS.get(kind, {}).get(name)
