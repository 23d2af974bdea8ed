"""Chinese surnames and characters of given names, known names in English, and words that only look like names."""

from __future__ import annotations

_SINGLE = """
王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范
汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文欧殷颜庄鲁施樊骆阎柯
俞章聂岳耿齐梅庞詹焦尚左邢安童柳阮蓝倪甘凌裴管温柴鲍翟葛路岑游包单房盛宁卞季祝冷涂桂成牛翁霍娄卓苗闵翦祁符褚关曲冼盖
车司简辛景桑谷屈时华项傅萧戚计费卫解应宗宣裘滕巫邬宫仇栾杭厉祖束党荆栗靳晏柏冀尤隋艾吉於仝亢郗晁逯郜甄昝佴暴眭宝丛佟荣封窦麦米洪连亓辜和伍代
奚郎昌凤酆廉毕皮卜穆湛禹臧伏谈茅纪舒麻危支缪贲郁嵇滑荀惠芮羿汲邴糜松敬乌巴宓蓬班秋伊钭戎幸韶蓟宿怀蒲邰鄂蔺
屠蒙阴莘贡劳姬扶冉宰郦雍郤璩濮扈郏浦茹宦鱼戈庾暨衡寇禄阙殳沃夔隆厍訾阚那沙乜巢蒯桓帅缑郈伯墨哈谯笪
綦揭漆芦苑寻闾佀仵郇漕冶佐鹿谌税斯禤丘楼笃郐銮琚呼柘宾庹才仓腾兰朴卿云元平强刁晓
敖仲喻邝植匡席狄邸楚商牟储乐古明鄢燕占巩查花蔚粟晋池钮闻瞿农苟别南官诸师步申迟檀井胥薄逄佘饶尧鞠虞满
"""
SINGLE = frozenset(_SINGLE) - {"\n"}
"""Surnames of one character."""

_COMPOUND = """
欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 轩辕 夏侯 长孙 宇文 端木 独孤 南宫 西门 东郭 百里 呼延 申屠
太史 闻人 钟离 澹台 拓跋 纳兰 完颜 耶律 赫连 公冶 濮阳 淳于 单于 仲孙 闾丘 司空 东野 第五
万俟 左丘 梁丘 公羊 公西 公良 壤驷 乐正 宰父 谷梁 颛孙 漆雕 亓官 司寇 巫马 微生 羊舌 鲜于 段干 东门 北宫 太叔 西陵
夹谷 哥舒 贺若 斛律 刘付 张简 范姜 张廖 陆费 子车 钟吾
"""
COMPOUND = frozenset(_COMPOUND.split())
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
亭仪侠傲劭劲喆堃塬奥婵嫦孜宵寰尧屹峥嵘巍庚弈恬悠惜敖斯旻昂昙晏晞晟曜朔杉杏桃梨棠榆槿樱歌沅沫洛淇淼渺湘滔漪漾澈澔濡灏炫烁
焱煊煦熠燃玄玖珈珩琢瑕璃璋璞甄甯皓盈砚祈祖禧秦穗竣笙筝紫绫羲翊聆胤舒舜芙芷苇苑茵荃荞莘菀菱葶蔷蕴薏薰虞蜜蝶衍裳裴觅谣贞贺
赫轲迦郎郦钰铎铮锴镇闻闽阅隽霁靖韶颢飒馥骞骥魏鲲鸢鸥鹃鹭麓鼎龄三四令粤乃市
一然美世政继泰善登群修显济勋厚衡奎烈昆跃存碧丰仙亚津岳知予丞屿苒柒晚辞汀愿之仲洪保朝望庭章乾献恭季传伍锟杭奂佑佐侃兮冕劼叙呈喻圣均坦墉壮妘娥娴宛宥尹岑帛弋彧彰徽忱悟愫慎戎挺旖旸昉曈朵柠栩桉桓梵楷槐毓沂沄泊洺浔浦淞淳湄溢澍
濛炳炘烽照熹琅琎瑀璠甫睦祉稷童纾纬绎绾翀耘聿臻芯苓荻葆薪虔赞辙逍钢铖镕陌雍霈靓韧韫骐鹄默旦标根棉煌猛玫球甲策纲绵腊艇萨蒲诠谋赋辅迈邑鉴锁锡镜闰陵陶雀韦顶飘骅鸽鹂黔
阿应滨筑啟湛洵洳泠洧涓涟渔渲炀焓焯爔珅珙珣珥琏琰琸瑢璘璨皎皖盼矜砺祁祐祯禛穹竑竞箐绪绯缇羡翎翘翡肃舫茹荀荆莀莞葛蓁蔚薛藜蘅裔
赓辕遐钟铄铠锵霂霓骊骋鸾枝早求护舞棋剑莺妹弟丘俟侃俐俭匡垚垣培增壮夙姣媚孺崧嵩弋弼彗彰徽忱怜怿恂恪悌悟敦旌旎旗旺昀昶曙朵柔栀桓椿
楹榕檀毓汶沣沂涔淏淙淞淮添溥澹濂瀚炫炬炯煌玎玘玠玢琇琬琮瑗瑚璎瓒祎稚粲纹绣缘缜翕菏萃襄诩诠赋迈邑铨雱顶鸣鼐银社土水火炉木贻岱崎嵋
"""
GIVEN = (frozenset(_GIVEN) | {"为"}) - {"\n"}
"""Characters that given names are made of."""

_NO_NAMES = """
申请 申通 申诉 申报 申明 申领 申述 申购 迟到 迟迟 迟早 迟发 迟缓 迟延 迟送 檀香 檀木 井盖 井水
丁香 万一 万件 万像 万元 万州 万能 万豪 万里 严格 严谨 严选 严重 中行 乐园 乐意 乐高 买家 于今
于其 于是 云南 云台 云朵 付了 付完 付款 付费 付钱 代收 代理 代码 代表 代言 代购 任何 任务 任性
任意 任选 伍佰 会员 何事 何况 何原 何地 何处 何必 何时 何材 何样 何种 余下 余杭 余生 余额 储存
储物 充值 充电 党员 全套 全家 全屏 全新 全棉 全款 全程 全脂 全部 全长 全额 全麦 关于 关心 关机
关注 关系 关键 关闭 农业 农产 农家 农村 农民 农行 冬天 冷冰 冷冻 冷水 冷藏 冷链 冷风 凌乱 凌晨
别人 别再 别墅 别扭 别放 别的 别给 别让 包包 包子 包装 包裹 包邮 华东 华为 华北 华南 华年 单买
单人 单价 单位 单元 单击 单号 单向 单品 单子 单层 单手 单日 单杯 单独 单行 单词 单身 单面 卖家
南京 南宁 南方 南昌 南瓜 南通 卫星 卫浴 卫生 卫衣 古代 古典 古早 古法 古董 古铜 古风 史上 叶子
司机 吉他 吉利 吉林 吉祥 同事 向上 向你 向客 向您 向日 向阳 周一 周三 周二 周五 周六 周四 周围
周年 周日 周期 周末 周边 和你 和号 和地 和电 和平 和我 和田 和谐 商业 商务 商品 商城 商家 商标 国产 国庆 国货
夏天 夏季 姚明 姜汤 姜茶 孔子 孔雀 孙女 孙子 孟加 季度 季末 季节 学校 学生 宁可 宁夏 宁愿 宁波
安全 安卓 安好 安徽 安心 安慰 安排 安装 安静 宗教 官司 官媒 官方 官网 宝典 宝妈 宝宝 宝藏 宝贝
宝马 客户 客服 宣传 宫廷 宫灯 宽限 封口 封面 尚未 尤其 左右 左手 左边 师傅 师范 席位 常住 常来 常备
常客 常州 常年 常德 常温 常熟 常用 常见 常规 常驻 平台 平常 平底 平时 平板 广东 庄园 应届 应急
应有 应用 应该 店主 店家 康乃 康复 康师 建行 张口 张家 张开 张数 张贴 成为 成交 成人 成分 成功
成员 成品 成图 成套 成年 成本 成色 成衣 成都 成长 戴着 房东 房主 房子 房客 房屋 房间 掌柜 支持
收件 收货 文件 文具 文化 文员 文字 文明 文案 文科 文艺 新人 新手 方位 方便 方向 方块 方式 方形
方案 方法 方盒 方面 施主 施工 施肥 时不 时候 时刻 时尚 时常 时效 时段 时装 时长 时间 明信 明天
明年 明早 明明 明星 明晚 明白 明矾 明码 明细 易拉 易用 易碎 易购 晋级 景区 景点 曲线 曾用 曾经
朋友 本人 本店 李子 李家 林业 林地 林场 林间 柏木 查件 查找 查收 查看 查询 柳州 柴油 柴火 桂圆
桂花 桑葚 梅子 梅花 欧式 欧洲 欧码 欧美 步数 步行 步骤 武器 武当 武术 武汉 段子 毛利 毛坯 毛孩
毛巾 毛病 毛绒 毛衣 毛重 水果 江南 江山 江景 江浙 江湖 江苏 江西 池塘 池子 汤包 汤圆 汤底 汤料
汤锅 汪汪 沈阳 沙发 沙拉 沙滩 洪水 海参 海苔 海鲜 温和 温州 温度 温柔 温水 温泉 温馨 游客 游戏
满减 满屋 满意 满月 焦糖 焦虑 熊孩 熊猫 燕窝 燕麦 牛仔 牛奶 牛排 牛皮 牛肉 牛腩 王国 王牌 王者
甘肃 甘草 用户 田园 田里 白云 白天 白底 白心 白板 白玉 白痴 白癜 白色 白茶 白菜 白送 白酒 白金
白银 白领 盖子 盖章 盛典 盛夏 盛装 石墨 石头 石家 石材 石榴 石膏 石英 祖传 祖国 祝你 祝您 祝愿
祝福 秦皇 程序 程度 童年 童装 童鞋 符合 简单 简易 简直 简约 管子 管家 管理 管道 米白 米粉 米线
米老 米饭 米黄 经常 经理 罗列 罗马 羊毛 老板 胡乱 胡子 胡椒 胡说 艾灸 艾草 花了 花园 花时 花朵
花束 花椒 花生 花色 花茶 花钱 苗木 范围 范文 范本 荆州 荣幸 荣耀 荣誉 莫名 莫非 葛根 蓝光 蓝宝
蓝牙 蓝绿 蓝色 蓝莓 解决 解冻 解压 解绑 解绳 解释 计划 计生 计算 许久 许可 许多 许愿 谢谢 谷物
费力 费心 费用 贺卡 路上 路人 路由 路线 路费 路过 车上 车主 车位 车友 车型 车牌 车辆 车里 车间
辛苦 连接 连线 连续 连衣 连锁 那个 金华 金卡 金属 金币 金条 金牌 金色 金融 金银 金额 金黄 钟头
钟爱 钟表 钱包 钱多 钱款 钱还 闻到 闻着 陆续 陈列 陈旧 陈皮 陶器 陶瓷 雷达 韩国 韩式 韩版 项圈
项目 项链 顾客 顾问 颜值 颜色 马丁 马上 马克 马尔 马来 马桶 马甲 马路 马达 马鞍 马鲛 高一 高三
高中 高二 高价 高仿 高低 高光 高兴 高冷 高原 高大 高度 高手 高抬 高效 高档 高水 高清 高端 高级
高考 高血 高跟 高铁 鱼油 鲁班 麦片 麻烦 黄山 黄油 黄牛 黄瓜 黄绿 黄色 黄芪 黄豆 黄连 黄酒 黄金
黄铜 齐全 龙井 龙虾
"""
NO_NAMES = frozenset(_NO_NAMES.split())
"""Words of two characters that begin as a surname does."""

_BRANDS = """
bean beans beast blahnik bronner bubble burch choo clean coffee daniel's dior doolittle doubtfire dre fields
frankenstein freeze hilfiger hyde jart jekyll kipling kors louboutin martens marvel mccartney moriarty muscle oetker
oz pepper phil potato rochester scholl seuss sheepskin spade westwood whippy who zhivago
"""
BRANDS = frozenset(_BRANDS.split())
"""Second words of brands that read like the name of a person, and are hardly anybody's."""

_FAMOUS = """
abraham lincoln, abu dhabi, adam smith, agatha christie, albert camus, albert einstein, alexander mcqueen, alexander
wang, andy warhol, ann taylor, anna sui, anne frank, anne klein, anton chekhov, ariana grande, arthur conan, audrey
hepburn, barack obama, bath bodyworks, baton rouge, beatrix potter, bella swan, ben sherman, betty crocker, bill
gates, billie eilish, billy bookcase, billy joel, bob dylan, bob marley, bob ross, bobbi brown, brad pitt, bram
stoker, bruce lee, bruce wayne, bruno mars, calvin harris, calvin klein, cape town, carolina herrera, cath kidston,
charles darwin, charles dickens, charlie brown, charlie chaplin, charlotte bronte, charlotte tilbury, christian dior,
chuck taylor, clark kent, claude monet, cole haan, costa mesa, crabtree evelyn, cristiano ronaldo, dale carnegie, dan
brown, daniel wellington, david beckham, david bowie, diane von, dolly parton, donald trump, donna karan, ed sheeran,
eddie bauer, edgar allan, el paso, elie saab, elizabeth arden, elizabeth taylor, elon musk, elton john, elvis presley,
emily bronte, emily dickinson, emma bridgewater, emma watson, enid blyton, ernest hemingway, forrest gump, fort worth,
frank sinatra, franz kafka, fred perry, freddie mercury, frida kahlo, geoffrey beene, george foreman, george michael,
george orwell, george washington, giorgio armani, gordon ramsay, guy laroche, harper lee, harry potter, haruki
murakami, helena rubinstein, helly hansen, hermione granger, hong kong, hugo boss, ian fleming, indiana jones, isaac
newton, issey miyake, ivanka trump, jack daniel, jack jones, jack purcell, jack sparrow, jack wills, jack wolfskin,
jackie chan, james bond, james dean, james patterson, jamie oliver, jane austen, jean paul, jeffree star, jessica
simpson, jim beam, jimi hendrix, jimmy choo, jo malone, joe malone, john deere, john frieda, john grisham, john
lennon, john lewis, john steinbeck, johnnie walker, johnny cash, johnny depp, johnny walker, jordan brand, jordan
peterson, jose cuervo, josh cellars, jules verne, justin bieber, kanye west, karl lagerfeld, karl marx, kate moss,
kate spade, katy perry, kim kardashian, kobe bryant, kurt cobain, kylie jenner, lady grey, lara croft, laura ashley,
laura mercier, lebron james, lee child, leo tolstoy, levi strauss, lewis carroll, lionel messi, little rock, lou reed,
louisa may, lucky brand, luke skywalker, madison reed, marc anthony, marc jacobs, margaret atwood, marie curie,
marilyn monroe, mario badescu, mark twain, marks spencer, martha stewart, mary berry, mary kay, mary poppins, mary
quant, mary shelley, max factor, michael jackson, michael jordan, michael kors, michelle obama, mickey mouse, miles
davis, miller harris, milton keynes, minnie mouse, molton brown, narciso rodriguez, neil gaiman, nelson mandela, new
delhi, nigella lawson, nikola tesla, nina ricci, nina simone, orla kiely, oscar de, oscar wilde, pablo picasso, palo
alto, paris hilton, paul frank, paul mccartney, paul mitchell, paul simon, paul smith, paulo coelho, penhaligon's,
peppa pig, perry ellis, peter pan, peter parker comics, peter rabbit, phil collins, philip pullman, rafael nadal,
ralph lauren, ray ban, roald dahl, rob dyrdek, robert frost, robert mondavi, rod stewart, roger federer, roger gallet,
ron weasley, saint louis, saint petersburg, sally hansen, sally rooney, salt lake, sam edelman, san antonio, san
diego, san francisco, san jose, san mateo, santa barbara, santa cruz, santa fe, santa monica, serena williams,
sherlock holmes, sofia sofa, st louis, stan smith, stella artois, stella mccartney, stella rosa, stephen king, steve
jobs, steve madden, steve nash, sylvia plath, taylor swift, ted baker, tel aviv, terry pratchett, thierry mugler,
thomas edison, thomas pink, thomas sabo, tiger woods, tom cruise, tom ford, tom hanks, tom waits, tommy bahama, tommy
hilfiger, tommy jeans, toni guy, toni morrison, tony hawk, tony moly, tony stark, tory burch, trader joe, trina turk,
uncle ben, usain bolt, vera bradley, vera wang, victor hugo, victoria beckham, vidal sassoon, vince camuto, virginia
woolf, vivienne westwood, william morris, william shakespeare, winston churchill, yves rocher, zandra rhodes
"""
FAMOUS = frozenset(name.strip() for name in _FAMOUS.replace("\n", " ").split(","))
"""Brands and figures that are named like a person."""
