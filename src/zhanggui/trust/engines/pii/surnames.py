"""Chinese surnames and characters of given names, known names in English, and words that only look like names."""

from __future__ import annotations

_SINGLE = """
王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范
汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文欧殷颜庄鲁施樊骆阎柯
俞章聂岳耿齐梅庞詹焦尚左邢安童柳阮蓝倪甘凌裴管温柴鲍翟葛路岑游包单房盛宁卞季祝冷涂桂成牛翁霍娄卓苗闵翦祁符褚关曲冼盖
车司简辛景桑谷屈时华项傅萧戚计费卫解应宗宣裘滕巫邬宫仇栾杭厉祖束党荆栗靳晏柏冀尤隋艾吉宝丛佟荣封窦麦米洪连亓辜和伍代
敖仲喻邝植匡席狄邸楚商牟储乐古明鄢燕占巩查花蔚粟晋池钮闻瞿农苟别南官诸师步胥薄逄佘饶尧鞠虞满
"""
SINGLE = frozenset(_SINGLE) - {"\n"}
"""Surnames of one character."""

_COMPOUND = """
欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 轩辕 夏侯 长孙 宇文 端木 独孤 南宫 西门 东郭 百里 呼延 申屠
太史 闻人 钟离 澹台 拓跋 纳兰 完颜 耶律 赫连 公冶 濮阳 淳于 单于 仲孙 闾丘 司空 东野 第五
"""
COMPOUND = tuple(_COMPOUND.split())
"""Surnames of two characters."""

_GIVEN = """
哲礼慕瑶聪渊成惠杨儿守硕澜辉沁茂特颖蕊栋海千清大渝雁初永楠江升琪依安梁铁权冠书珺立朋晗列旋虹廷卫泉益荷韬明真陆东倩叶
刚彪筱典甜宗卉彦颐远伦光冲玉南笛国荣白蕾萌忆昕愷果扬霞磊卿爱尚贵本誉苗霜石斌胜芊隆开少芬伟康欣惟晨道暄帆俊吟松芝希昊
秉黛彬琴昌天景翠阔品曦桂来纯艺合得嘉听驰咏男直蔓弦古娇佳阳翰霆芳穆奕森钧可良木绍霏俪奇莎敏圆红凝顺菡浠辰柏骏榕月妮儒
琦苏蕙勤展燊纪臣基燕铃慧林萱艾迅堂霖化姗家培诺高程钊谨竹耀勃岩墨菲谊祥弘静振喜极汐重法沐宣轶树晴艳福梦禹婉达雷中怀源
旭震长韵葵舟映琳芃建掌媛莲正启闯魁憬仁炜青凯向军如秋锦佩雪武金雯娣捷淑寅田香进雄崇素昭萍虎焕峰鑫鲁英茜牧实宝德凡轩悦
丽念盛诗斐和米兰思健畅锋璐铭曼娜巧彩珍富玥宸泓鸿乐尔拓兆冰菁懿涛梓洁莹学柱沛慈熙瑾影民鹤科泽同敬恩芮波信华承菊宜发溪
娟珂凌禄野键恺亦涵语士朗妍贝忠恒蓝小湖夕几宇才其伊琼钦抒梅春珑瑞越文寒兴蓉净路婕婧禾娅露唯子运遥帅麟友偲征逸历周蒙昀
邦珊州利画功凤方致祺颂勇逊玟瑄丹瑜维微寿妙增雨歆翔飞豪只偿音琛荔骁玲谦漫克秀筠暖生馨连元杰笑炎宁齐峻豫山延言航岚豆义
烨汉贤声君羽浚心兵坚莉力宪全鸣蓓亮星银河洲郁愉怡诚楚珠薇志柯园爽业剑超孝冉通雅云灵桦郡定锐浩奋瑛川绮毅节霄原桐养殊意
晶能吉潇诣北智滢宏风麒龙印璟迪枫鹏晋婷晓珞冬嫣茗黎嫒博妤西卓若夏葳情姝睿洋澄广璇裕昱先材庆润祎茉迎彤双强平晖瑗柔媚煜
忻芸珏容勉励年
"""
GIVEN = frozenset(_GIVEN) - {"\n"}
"""Characters that given names are made of."""

_LAST_NAMES = """
adams ahmed allen anderson bailey baker barnes bennett brooks brown byrne cai campbell cao carter chan chen cheng
cheung choi clark cole collins cook cooper cox cui davies davis deng ding dong doyle du edwards ellis evans feng
ferrari fisher flores foster fox gao garcia gonzalez graham gray green griffiths guo hall han harris harvey hassan
he hernandez hill ho howard hu huang hughes hunter ito jackson james jiang johnson jones kelly khan kim king knight
kobayashi kumar kwok lam lau lee leung lewis li liang lin liu long lopez lu luo ma marsh martin martinez mason meyer
miller mitchell moore morgan morris muller murphy murray myers nakamura nelson ng nguyen o'brien o'connor o'neill
owen palmer pan park parker patel peng perez peterson powell price ramirez reed ren richardson rivera roberts
robinson rodriguez rogers ross rossi russo ryan sanchez santos sato schmidt scott shah shen silva simpson singh
smith song stewart stone su sun suzuki tan tanaka tang taylor thomas thompson tian torres tsang turner walker walsh
wang ward watanabe watson webb wei white williams wilson wong wood wright wu xiao xie xu yamamoto yang yao ye yip
young yu yuan zeng zhang zhao zheng zhou zhu
"""
LAST_NAMES = frozenset(_LAST_NAMES.split())
"""Common surnames in Latin letters."""

_FIRST_NAMES = """
aaron abigail adam ahmed alan albert alex alexander alexis ali alice amanda amber amy andrea andrew angela ann anna
anthony arthur ashley austin barbara becky ben benjamin beth betty beverly bill billy bob bobby bradley brandon
brenda brian brittany bruce bryan carl carol carolyn catherine charles charlie charlotte cheryl chloe chris
christian christina christine christopher claire clara colin cynthia daisy dan daniel danielle dave david deborah
debra denise dennis derek diana diane donald donna doris dorothy douglas dylan edward elijah elizabeth ella emily
emma eric ethan eugene evelyn evie fatima fiona frances frank freya gabriel gary gemma george gerald gloria grace
graham greg gregory hannah harold harry heather helen henry ian isabella isla ivy jack jacob jacqueline james jane
janet janice jason jean jeffrey jennifer jenny jeremy jerry jesse jessica jim jing joan joanne joe john jonathan
jordan jose joseph joshua joyce juan judith judy julia julie justin karen kate katherine kathleen kathryn kayla
keith kelly kenneth kevin kimberly kyle larry laura lauren lawrence leo li liam lily linda lisa liz logan louise
lucy madison margaret maria marie marilyn mark martha martin mary mason matt matthew max meg megan melissa michael
michelle mike ming mohammed nancy natalie nathan neil nicholas nick nicole nina noah oliver olivia oscar pamela
patricia patrick paul paula peter philip poppy priya rachel raj ralph randy raymond rebecca richard robert roger
ronald rosie roy ruby russell ruth ryan sam samantha samuel sandra sara sarah scott sean sharon shirley simon sophia
sophie stephanie stephen steve steven stuart susan teresa terry tess theresa thomas tim timothy tom tony tracy tyler
victoria vincent virginia walter wayne wei wendy william willie xiaoming yvonne zachary zoe
"""
FIRST_NAMES = frozenset(_FIRST_NAMES.split())
"""Common first names in Latin letters."""

_NO_NAMES = """
丁香 万一 万件 万元 万州 万能 严格 严选 严重 中行 乐园 乐意 乐高 买家 于今 于其 于是 付了 付完 付款 付费 付钱 代收
代理 代码 代表 代言 代购 任何 任务 任性 任意 任选 伍佰 会员 何况 何处 何必 何时 何种 余下 余杭 余生 余额 储存 储物
党员 全家 全新 全部 关于 关心 关机 关注 关系 关键 关闭 农业 农产 农家 农村 农民 农行 冬天 冷冻 冷水 冷藏 冷链 别人
别再 别墅 别扭 别放 别的 别给 别让 包包 包子 包装 包裹 包邮 华东 华为 华北 华南 单买 单人 单价 单位 单元 单击 单号
单品 单子 单日 单独 单词 单身 单面 卖家 南京 南宁 南方 南昌 南瓜 南通 卫浴 卫生 卫衣 古代 古典 古法 古董 古风 史上
叶子 司机 吉他 吉利 吉林 吉祥 同事 向上 向你 向客 向您 周一 周三 周二 周五 周六 周四 周围 周年 周日 周期 周末 周边
和你 和平 和我 和田 和谐 商业 商务 商品 商城 商家 商标 夏天 夏季 姚明 姜汤 姜茶 孔子 孔雀 孙女 孙子 孟加 季度 季节
学校 学生 宁可 宁夏 宁愿 宁波 安全 安卓 安徽 安心 安慰 安排 安装 安静 宗教 官司 官媒 官方 官网 宝妈 宝宝 宝贝 宝马
客户 客服 宣传 宫廷 封口 封面 尚未 尤其 左右 左手 左边 师傅 师范 席位 常住 常备 常客 常州 常年 常温 常用 常见 常规
广东 庄园 应届 应急 应用 应该 店主 店家 康乃 康复 康师 建行 张口 张家 张开 张数 张贴 成为 成交 成人 成分 成功 成员
成品 成图 成年 成本 成都 成长 戴着 房东 房主 房子 房客 房屋 房间 掌柜 收件 收货 文件 文具 文化 文员 文字 文明 文案
文科 文艺 新人 新手 方便 方向 方式 方形 方案 方法 方面 施主 施工 施肥 时不 时候 时刻 时尚 时常 时效 时长 时间 明信
明天 明年 明早 明明 明星 明晚 明白 明细 易拉 易用 易碎 易购 晋级 景区 景点 曲线 曾用 曾经 朋友 本人 本店 李子 李家
林业 林地 柏木 查件 查找 查收 查看 查询 柳州 柴油 柴火 桂圆 桂花 桑葚 梅子 梅花 欧式 欧洲 欧码 欧美 步数 步行 步骤
武器 武当 武术 武汉 段子 毛利 毛巾 毛病 毛衣 毛重 江南 江山 江浙 江湖 江苏 江西 池塘 池子 汤圆 汤底 汪汪 沈阳 洪水
温州 温度 温柔 温馨 游客 游戏 满减 满屋 满意 满月 焦糖 焦虑 熊孩 熊猫 燕窝 燕麦 牛仔 牛奶 牛皮 牛肉 王国 王牌 王者
甘肃 甘草 用户 田园 田里 白天 白板 白玉 白色 白茶 白菜 白送 白酒 白金 白银 白领 盖子 盖章 盛装 石头 石家 石材 石英
祖传 祖国 祝你 祝您 祝愿 祝福 秦皇 程序 程度 童年 童装 童鞋 简单 简易 简约 管家 管理 米粉 米线 米饭 经理 罗列 罗马
老板 胡乱 胡子 胡椒 胡说 艾灸 艾草 花了 花园 花朵 花生 花色 花茶 花钱 苗木 范围 范本 荆州 荣幸 荣誉 莫名 莫非 葛根
蓝牙 蓝色 蓝莓 解决 解压 解绑 解释 计划 计生 计算 许久 许可 许多 许愿 谢谢 谷物 费力 费用 贺卡 路上 路人 路由 路线
路费 路过 车上 车主 车位 车友 车辆 车里 车间 连接 连线 连续 连衣 连锁 那个 金华 金卡 金属 金币 金条 金牌 金色 金融
金额 金黄 钟头 钟表 钱包 钱多 钱款 钱还 闻到 闻着 陆续 陈列 陈旧 陈皮 陶器 陶瓷 雷达 韩国 韩式 韩版 项目 项链 顾客
顾问 颜值 颜色 马上 马克 马尔 马来 马桶 马甲 马路 马达 高一 高三 高中 高二 高价 高仿 高低 高兴 高原 高度 高手 高档
高端 高级 高考 高血 高铁 鲁班 麦片 麻烦 黄山 黄油 黄牛 黄瓜 黄色 黄豆 黄酒 黄金 齐全 龙井 龙虾
"""
NO_NAMES = frozenset(_NO_NAMES.split())
"""Words of two characters that begin as a surname does."""

_BRANDS = """
bean beans beast blahnik bronner bubble burch choo clean coffee daniel daniel's fields ford freeze hilfiger jacobs
jart jenner kipling klein kors lauren louboutin marc martens mccartney meyer muscle oetker pepper potato scholl
sheepskin spade taylor westwood whippy
"""
BRANDS = frozenset(_BRANDS.split())
"""Second words of brands that read like the name of a person."""
