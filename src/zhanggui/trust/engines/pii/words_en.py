"""English words that are capitalised in shops' texts and are no part of a person's name."""

from __future__ import annotations

_WORDS = """
a about absolute access accessories account acid active added address adidas admin advanced advice after again agent
air airport alert all allergy also aluminium always amazing amazon american an and android angry animal anniversary
annual another answer any anyone api app apple apply april are arrival arrived art as asap ask assistant at attention
august aura australia author authority auto automatic autumn avenue average award away baby back bag bags bakery ball
band bank bar bargain basic basket bath battery bay be beach bear beautiful beauty bed bedroom been beer before begin
being belt bend best better beverage bible big bike bill bin bird birthday biscuit bitter black blank blanket blend
block blue bluetooth board boat body bone bonus book books boots boss bottle bowl box boy boys brand bread break
breakfast bridge bright bring british broken bronze brother brush bubble bulk bundle bus business but butter button buy
buyer by cable cake call camera camp can canada cancel candle candy canon cap car card cards care careful cart case
cash cat catalogue center central centre ceramic certificate chain chair change charge chat cheap check cheese chief
child children chili china chinese chocolate choice christmas church citizen city claim clean clear click client clinic
clock close cloth clothes cloud club co coat code coffee cold collection color colour come comes comfort coming company
complaint complete computer confirmed contact contents control cool copy corner cotton counter country courier cover
crazy cream credit cup current custom customer customers cut cute cycle dad daily damaged dance dark data date daughter
day days deal deals dear debit debug december deep defect delay deliver delivery deluxe department desk detail details
diamond did digital dinner direct disc discount dish do doctor document does dog doll dollar don't door double down
dragon drawer dream dress drink drive driver drop dry due duty dynasty each early earth east easter eastern easy eat
eco edge edition egg electric elite email empire empty end energy engine england english enjoy enough entry envelope
error euro europe even evening event ever every everyone everything evil example excellent exchange exclusive exit
express extra eye fabric face factory fake fall false family fan fans farm fashion fast father february fee feel
festival few file final finally find fine fire first fish fit five flag flash flat flavour flight floor flower flush
fly food foot for force forest forever form fortune forward four fragile frame france free french fresh friday fridge
friend friends from front fruit full fun furniture future galaxy game games garden gas gate general german germany get
gift gifts girl girls give glad glass global glove go god going gold golden good goods google grand grandma grandpa
grade gray great greek green grey grill ground group guarantee guard guest guests guide guys hair half halloween hand
handle happy hard hardly has hat have head health heart heat heavy hell hello help helpful her here hers hi high him his
history holiday home honey hope horse hospital hot hotel hour hours house how http human hungry husband i ice id idea
if in inc included india indian info inside insurance interest international internet into invoice iphone ireland iron
is island islands issue it italian italy item items its jacket jam january japan japanese jar jeans jewellery job
journey juice july june junior just keep key kid kids kind kindest king kingdom kit kitchen knife know kong korea korean
label ladies lady lake lamp land language laptop large laser last late later law lead leaf league leather left legal
lemon less letter level licence life light like limited line link lion liquid list listing little live living llc local
lock logistics london long look loose lord lost lot lots love loved lovely low loyal ltd lucky lunch luxury machine
made magic mail main make mall man manager manual many map march market mask master match matcha material max may
me meal mean meat medal media medicine medium meeting member memory men menu merry message metal middle midnight milk
mind mini mint minute mirror missing mobile model modern moment monday money monitor month moon more morning most
mother mother's motor mountain mouse move movie mr mrs much mug mum museum music must my name nature navy near neck
need network never new news next nice night nike no nobody none noodle normal north northern not note nothing notice
november now null number oak ocean october off offer office official oil ok old on once one online only oolong
open opening option or orange order ordered orders organic original other our out outdoor outlet outside oven over
overseas own owner pack package packaging packet pad page paid paint pair palace pan paper paradise parcel parents park
parking part parts party pass password past paste patient pay payment peace pen pencil people pepper perfect person pet
phone photo piano pick picture piece pink pizza place plain plan planet plant plastic plate platinum play player please
plus pocket point poker police policy polish poor pop port possible post postage poster pot power prefer premium present
press pretty price prices prime print printer priority prize pro problem process product products profile program
project promise proof protect public pump puppy pure purple put puzzle quality queen question quick quiet quite rabbit
race radio rain raining random rapid rare rate rather raw reach read ready real really receipt received red reference
refill refund refunds regards region registered regular reminder removed rent repair replacement reply report republic
request reserve resort respect response rest restaurant result retail return returned returns review reviews reward
rice rich ride right ring rise river road robot rock roll roof room round route royal rubber run running russia sad
safe safety said sale sales salt same sample samsung sand saturday sauce save saver scale scarf school science
scotland screen sea seal season seat second secret security see seller send senior sent september series serum server
service set seven several shampoo share sheet shelf shell ship shipped shipping shirt shoe shoes shop shopping short
should show shower side sign signature signed silent silk silver similar simple since single sir sister site six size
skin sky sleep slim slow small smart smile smoke smooth snow so soap sock socks soft solar sold sole some someone
something son song soon sorry sound soup south southern space spain spanish spare special speed spice spicy spirit
sport sports spring square staff stage stainless stamp stand standard star start state states station status stay steam
steel step still stock stone stop store storm story straight strange strap stream street strong student studio stuff
style sugar suit suite summer sun sunday super support supreme sure surprise sweet swimming swiss system t-shirt table
tablet tag take takes tall tank tap tape tax tea teapot team tech technical tell ten tennis terms test text thank thanks
that the their them then there these they thick thin thing things think third this those three through thunder thursday
ticket tiger time times tin tiny tired to today together toilet tomato tomorrow tonight too tool top total touch tour
towel tower town toy toys track tracking trade trademark train travel tray tree trial trip trouble true trust truth try
tuesday turn twin two type uk ultimate ultra umbrella under union united universal university unknown until up update
upper urgent us usb use used useful user users usually vacuum valentine valley value vase vegan version very view
village vintage vip virgin visa vision visit vitamin voice volume wait wales wall wallet want war warehouse warm warn
warning warranty was wash watch water wave way we weather web website wedding wednesday week weekend welcome well west
western wet what wheel when where which white who whole why wide wife wifi wild will win wind window windows wine wing
winner winter wireless wish wishes with without woman women won wonder wood wool word work worker world worry would
wow wrap writing wrong xmas year years yellow yes yesterday yoga york you young your yours youth zealand zero zone
angeles vegas orleans jersey hampshire zealand africa arabia rica lanka lumpur
cornwall devon yorkshire manchester birmingham liverpool bristol leeds glasgow edinburgh cardiff belfast dublin boston
chicago seattle texas california florida ohio toronto vancouver montreal sydney melbourne brisbane perth
paris berlin madrid rome vienna amsterdam brussels shanghai beijing guangzhou shenzhen hangzhou nanjing suzhou tokyo
osaka kyoto seoul singapore bangkok hanoi manila jakarta delhi mumbai dubai taipei taiwan macau kowloon vietnam thailand
fedex ups dhl usps ems hermes evri paypal ebay etsy tesco ikea sony dell lenovo huawei xiaomi lego disney pixel gucci
prada chanel dior rolex omega longjing oolong puerh matcha xi hu bi luo chun guan yin da hong pao tie wuyi pu erh ming
qing tang darjeeling assam ceylon lapsang souchong keemun sencha earl
"""
NO_PARTS = frozenset(_WORDS.split()) - {"guan", "luo", "hong", "tang", "hu", "xi", "yin", "ming", "da", "lead"}
"""Words; also places, makers and sorts of tea."""
