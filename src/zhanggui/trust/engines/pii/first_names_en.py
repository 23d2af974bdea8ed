"""First names in Latin letters; among them those of Faker's lists for six English-speaking countries (MIT licence)."""

from __future__ import annotations

_NAMES = """
aaaqil aaban aabid aachal aadam aadhya aadi aadil aafiya aahana aahil aalam aalee aalim aaliyah aamil aamir aamirah
aaqil aarav aarif aarini aariz aarna aarnav aaron aarush aaryan aashi aashif aashir aasif aasim aatif aatiq aaus aayan
aayush aazim abaan abbey abbi abbie abby abdul abeer abha abhimanyu abhiram abigail adam addison adele adil aditya
adrian adriana adrienne advaith advay advik advika adweta adya aedan agastya agnes ahmed aidan aideen aiden aileen
ailis aimee aine aisha aishani aisling aislinn akshay alan alana alanis alanna alannah alastair albert alec aleisha
alejandra alejandro alex alexa alexander alexandra alexandria alexis alfie alfred ali alice alicia alisha alison
alistair alister alix alka allan allen allison alma alvin alyssa amaia amaira amanda amara amber amelia amie amina
amir amit amol amrita amruta amy ana anahera anamika anaru anastasia anay anders andre andrea andreas andres andrew
andy angel angela angelica angelina angie angus anika anil anirudh anita anja anjali anmol ann anna annabel annabelle
annalise anne annette annie ansh anthony antoin antoinette anton antonio antony anusha anvi anya aodhan aoibheann
aoibhin aoibhinn aoife arabella aradhana archer archie arham ari aria ariana arianne ariel ariki arin arjun arlo
arnold aroha arran arron arthur arunima arya aryan asher ashlee ashleigh ashlene ashley ashling ashton astrid ataahua
atfat atharv atheel ati attaf audrey auraq aurora austin ava avi avni awadil awamil awamiri awan awani awhina awj
awlya awmar awrad ayaan ayamin ayesha ayla aysar ayush ayushman ayyubi azaan azad azban azeeb baahir baaizeed baaqee
baaqir baaree baashir baasim baasit babar baber bachittar badawi badr baghyawati baha bahaa bahadurjit bailey bailie
bairbel bakhshi baleegh balendra balhaar baljiwan balvan balveer bambad banjeet baqar baqir barbara barkha barr barraq
barry basaam baseer basel basem bashaar bashaarat bashar basharat basheer basheerah basil basim basir bassam batal
batool bazam beatrice beau beauden becky belinda bella ben benjamin benn berezat bernadette bernard beth bethan
bethany betty bevan beverley beverly bhanumati bhavani bhavika bhavini bhavna bhavya bianca bilaal bilal bill billie
billy bimala bina birousk bishakha bizhan björn blaine blair blake blanaid bo bob bobby bodhi bonnie brad bradley
brady brandi brandon brandy braxton brayden breandan breanna brenda brendan brendon brent brett brian briana brianna
bridget brigid brijesh brinda britney brittany brittney brodie brogan bronach bronagh bronwyn brooke brooklyn bruce
bruno bryan bryce bryony buraid cahal cahir cailin cailum caitlin caitlyn caitriona cal caleb callan callum calum
calvin cameron camille campbell candace candice caoilfhionn caoimhe caoimhin caolain caolan caomhan cara caragh carl
carla carlos carly carmel carmen carol carole caroline carolyn carrie carter casey cassandra cassidy cassie cathal
catherine cathy catriona ceara cecilia celine cesar chaaya chad chaitaly chaitanya chakradev chakradhar chakrika
chamali chaman chameli champak chanakya chanchal chandani chandran chandresh changaz chantal chantel chantelle charan
charis charita charlene charles charlesh charlie charlotte charvi chase chashida chasmum chatresh chatura chavvi
chawish che chelsea chelsey chenxi cheragh cherie cherith cheryl cheyenne chloe chris christian christie christina
christine christopher christy cianan ciara ciaran ciarrai cillian cindy claire clara clare clarence clarissa clark
claudia clayton clifford clinton cliodhna cliona clive clodagh codie cody cohen cole colin colleen collette collin
colm colton colum conal conall conan conchur conn connie connor conor conrad constance cooper cora corey corinne
cormac corrie cortney cory courteney courtney craig cristian cristina cruz crystal curtis cynthia daamin daanish
daanyaal daawood dabbah dabir daghfal daire dairine daisy daiyaan dakhil dakota daksh daksha dakshesh dalaja dalbir
dale dalton dameer damian damien damini damon damurah damyanti dan dana daniel daniela danielle danish danny dara
darain darcy darika darin darius darlene darpan darragh darrell darren darrin darryl darryn darsh daryl dastageer dave
david dawn dawud dayamai dayita dayna dayyaan deaglan dean deane deanna dearbhail dearbhaile dearbhla debbie deborah
debra declan deepa deepak deirbhile demi denis denise dennis derek dermot derrick dervla desiree desmond destiny dev
devansh devika devin dhriti dhruv diana diane dianne diarmuid diego dillon dion dionne dipta divya diya domhnall
dominic dominique don donal donald donna doris dorothy douglas drew duane duncan durab dustin dwayne dylan eadaoin
eamon eamonn ebony eddie edel eden edgar edhitha edith eduardo edward edwin eesaa eesha ehan ehsaas ehsan eijaz eileen
eilis eilish eimear eimer eimhear eiravati ejaz ejlaal ekaja ekalinga ekani ekansh ekanta ekantika ekapad ekaraj
ekavir ekbal ekiya ekta elaf elaine eleanor elena eli elijah elise elisha eliza elizabeth ella ellen ellie elliot
elliott eloise elsa elsie emer emilia emilie emilio emily emma emmanuel emmet emmett emran enda enrique enya eoghan
eoin eric erica erik erika erin ernest eryn esfandyar eshan eshana esther eta ethan etizaaz euan eugene eunan eva evan
eve evelyn evie ewan ezra fahmi fainche faith faizan falak falan falguni fang faqid faraj faras farhan fariq faris
fatima faye fazli feargal fearghal felicia felicity felix fergal fergus fernando fidvi finbar finn fintan fiona
fionntan fionnuala fitan fiyaz fletcher florence flynn forum frado frances francesca francis francisco frank frankie
franklin franz fraser frazer fred freddie frederick freya gabriel gabriela gabriella gabrielle gagan gail ganga gareth
garima garrett garry gary gaurang gaurangi gaurav gauri gaurika gautam gautami gavin gayathri gaylene geetika gemma
gene geoffrey george georgia georgina gerald geraldine gerard ghaalib ghaazi ghaffaar ghafoor ghaith ghalib ghanee
ghanem ghannam ghasaan ghauth ghawth ghayoor ghazalan ghazanfar ghazanfer ghazawan ghazi ghazzal ghiyaath ghiyath
ghufran ghulaam ghulam ghunayn ghusharib ghusun ghutayf gilbert giles gillian gina giovanni girik girindra girish
giulia glen glenda glenn glenys gloria gohar gopal gordon grace graeme graham grainne grant grayson greg gregg gregory
greta gulab gulfaam gulfam gulshan gulzar gunbir guneet guney guoqiang guy gwen gwendolyn hailey haley hamish hamsini
hamza hana hannah hans hao haoran hardik harinakshi harini harish harita harley harmony harnail harold harper harriet
harrison harry harsh harshil harvey hassan hayden hayleigh hayley hazeem hazel heather hector heidi helen helena hema
hemal hemang hemangini hemani hemi henrik henry herbert hilary hinewai hiral hitesh hoani hollie holly hong howard
hredhaan hritik hua hudson hugh hugo hui huia hunter huzaifa iain ian ibaad ibn ibraaheem ibraheem ibrahim idika
idrees idris iesa iftikhaar iftikhar ihab ihaia ihsaan ihsan ihtesham ihtiram ihtishaam ihtsham ijaya ijli ikbal
ikhlaas ikraam ikramah ikrimah ikshita ilan imaran imogen inaya indali indi indie indira indrajit ingrid iona ira
irene iris irya isaac isabel isabella isabelle isaiah isha ishaan ishani ishanvi ishita ishwar isla isobel israel ivan
ivy izaaz jaabir jaafar jaan jabbaar jabir jabr jack jackie jackson jaclyn jacob jacqueline jad jade jafar jaffer
jagat jagdish jagrati jagvi jahangir jahanzeb jahdami jahdari jahiz jahm jai jaime jairaj jake jakob jalaal jalal
jalees jalil jalsa jamaal jamal jameel james jamie jan jana janaki janani jane janet janette janice janine januja
janya jared jarlath jarrod jasmin jasmine jasmit jason jasper jatin javier jaxon jay jayde jayden jayne jean jeanette
jeanne jeet jeevika jeff jeffery jeffrey jemma jena jenna jenni jennifer jenny jeremiah jeremy jermaine jerome jerry
jesse jessica jessie jesus jhalak jiahui jiaming jianguo jiayi jie jill jillian jim jimmy jing jo joan joann joanna
joanne jocelyn jodi jodie jody joe joel johan johanna johannes john johnathan johnny jolene jon jonas jonathan
jonathon jordan jordon jorge jorja jose joseph josephine josh joshua josiah joy joyce juan juanita jude judith judy
jules julia julian julie juliet jun june justin justine jyoti kaamil kaashif kaazim kabeer kabir kachela kafeel kahu
kahurangi kai kaia kaiser kaitlin kaitlyn kajji kala kalbi kaleb kaleem kaleema kalpit kamal kamala kamil kamran kamya
kane kara karaamat karam karan kareem karen kari karim karina karl karla karley karyn kasam kashan kashif kashish
kashvi kasia kasim katarina kate katelyn katharine katherine kathleen kathryn kathy katie katja katrina katy kauri
kauthar kavya kawkab kawthar kay kayden kaye kayla kaylee kayleigh kaysan kazi kazim kealan keanu keegan keelan keely
keeva keira keith kelli kellie kelly kelsey kelvin ken kendra kenneth kent keri kerri kerrie kerry kevin keya keyaan
khaalid khaan khloe kiaan kiara kiera kieran killian kim kimberley kimberly kingston kira kirby kiri kirk kirsten
kirstie kirstin kirsty kora kori krish krisha krishna krista kristen kristi kristian kristie kristin kristina kristine
kristopher kristy kritika krystal kurt kurtis kyla kyle kylie laban labeeb labib lacey lachlan ladli laeeq lahiah laiq
laith lajita lajlaj laksh lakshit lakshmi lan lana lance laoise laqeet lara larry lars latasha lateef latif latoya
laura lauren laurie lavanya lawrence layla layth leah leanne lee leela leena lei leigh lekha lena leo leon leona
leonard leonardo leonie leroy lesley leslie levi lewis li lia liam liana liban libby libni lihua lila lillian lilly
lily limazah lina lincoln linda lindsay lindsey linus lipika lisa liyaaqat liyaqat liz lloyd logan lohit lois lola
lonnie loot lopa lorcan lorenzo loretta lori lorna lorraine louis louisa louise luay luca lucas lucia lucinda lucy
luis luka lukas luke luna luqmaan luqman lut lutf lutfi lydia lynda lyndon lyndsay lyndsey lynette lynley lynn lynne
lynnette lynsey maahir maajid maalik maanas maanav maawiya maaz maazin mabad mabel macauley mackenzie mad madani
maddie maddison madeleine madeline madhav madhavi madison madiyan madyan maeve mahad mahaz mahbeer mahboob mahbub
mahdee mahdi mahdy maheen maher mahfooz mahfuj mahfuz mahi mahika mahja mahmood mahmoud mahmud maia mairead mairtin
maisie majd majdi majdy majeed makayla makeen malachy malcolm malik mallory mamun manaaki manaia manan manawa manbir
mandy manthan manuel manus manya maraea marc marcia marco marcus maree mareikura margaret margot maria mariah marian
mariana marie marilyn mario marion marisa marissa marjorie mark markus maroof marta martha martin martina martyn
marvin mary mason mateo mathew mathilde matilda matiu matt matthew maura maureen maurice max maxwell maya mckenzie
meabh meagan meaghan meera meg megan megha meghan meghana mei meibh meihua meiling mekhala melanie melinda melissa
melody melvin mengjie mercedes mereana meredith mervyn mia micah michael michaela micheal micheala michele michelle
miguel mikaela mikaere mikayla mike mila miles millie min mina mindy ming miranda miriam miriama misty mitali mitchel
mitchell mitesh mizhir mohamed mohammad mohammed mohini moira mollie molly monica monique morgan mourib mugdha
muhallil muhammad muhazzim murray muzdahir muzhir mya myles na naadir naail naajy naasih naasir naathim naazhim nabeeh
nabeel nabhan nabigh nabih nabil nachiket nadeem nadhir nadia nadim nadine nadir nadr naeem nafasat nafees nafesa
nafis naib nail naim najair najam najeeb naksh nakul nancy nandini naoimh naoise naomh naomi natalie natasha nate
nathan nathaniel naveen neel neelima neha neil nelson netra nevaeh neville ngaire nia niall niamh nichola nicholas
nichole nick nicola nicolas nicole nidhi nidra nigel nihal niharika nikau nikhil nikita nikki niko nikora nilima
nimrat nina ning nirja nisha nitara nitesh nixon noah noel nora norma norman nuala obaid odhran odika oeshi oisin ojas
ojasvi olga olive oliver olivia om omair omaja omar omeir omisha omkaar omran omya oni onkar onveer oonagh oran
orfhlaith orinder orla orlagh orlaigh orlaith osama oscar osha ossama oviya owais owen pablo padraic padraig padraigin
pahal paige pallavi pam pamela panini parker parsa parth parvez pascal patrice patricia patrick patsy patty paul paula
pauline pauric pavani payton peadar pearce pearse pedro peggy penelope penny percy perry pervaiz peter petra peyton
phil philip philippa phillip phoebe phoenix phyllis piaras pierce pierre ping piper pippa polly pooja poppy pranav
praneel pranit pratyush preston priscilla prisha priya pushti qaadir qaasim qabeel qabil qadar qadeer qadi qadim
qahtan qaim qais qamar qani qanit qareeb qarin qaseem qasid qasif qasim qatadah qawee qays qiang quadir qudamah
quddoos qudoos quentin quincy quinn qurban qusay qushi qutaybah qutb qutub raaghib raagini raahil raakin raamis raamiz
raashid raatib rabah rabar rabb rabbaanee rabbani rabee rabiah rabit rachael rachana rachel rachelle rachit rachita
radha radhee radhika radi raed raees raewyn rafael rafan rafay rafee rafeek rafeeq rafi rafiq raghav ragheb raghib
rahat raheel raheem rahul raid raj rajata rajeshri raksha ralf ralph ramon ranbir randall randy ranveer raphael raven
ravi rawiri ray rayaan rayan raymond rebecca rebekah reece regan regina reginald rehaan rekha renee reuben reva rex
reyansh rhian rhianna rhianne rhiannon rhonda rhys ria rian ricardo richard rick rickey ricky ridhi riley rishi rita
riya rob robbie robert roberta roberto robin robyn rochelle rodney rodrigo roger rohaan rohan roise roisin roland
roman ronald ronan ronith ronnie rory rosa rosalind rose roseanna rosemary rosie ross rowan roy ruairi ruari ruben
ruby rudra rui ruoxi rupert rushil russell rusul ruth ruwaihim ryan ryder saabir saad saadat saadiq saafir saahir
saaiq saajid saal saalih saalim saanvi saaqib saariyah sabah sabahat sabbir sabeeh sabil sabiq sabir saboor sabrina
sabur saburah sacha sachi sadan sadaqat sadeed sadie saeed sai saim sair sairah saksham sally salma sam samaksh samama
samantha samar samarth samesh samuel sanaya sandra sandy sanjay santiago sanya saoirse saood sara sarah sarthak sasha
saskia sathvik saul saumya savannah scarlett scot scott seamus sean seana seanan seaneen seanna sebastian selena
selina seona serena sergio seth shakira shane shania shanice shanna shannan shannen shannon shari sharlene sharon
shaun shauna shauneen shaurya shawn shawna shay shayne shea sheena sheila shelby shelia shelley shelly sheree sheri
sherri sherry sheryl shirley shivani shivansh shona shravya sian sid siddharth sienna sierra silvia simon simone
sinead siobhan siofra sione siya siyu skye skyla skylar sneha sofia sonia sonya sophia sophie sorcha souma spencer
stacey stacie stacy stan stanley stefan stefanie stella stephanie stephen steve steven stewart stuart sudiksha sue
suhani sunita susan susanna susannah suzanne sven sylvia taahaa taahir taaj taalib taamir taanish taariq taban
tabassum tabish tabitha tadeen tafazal taha tahawwur taheem tahir tahmaseb tahmeed tahmid tahoor tahseen tai taial
taimur taine taisir taj tajammal tajammul tajudinn talal talat talha talhah tali talib tama tamam tamanna tamara
tamati tami tammie tammy tanay tane tangaroa tania tanish tanmayi tanner tanveer tanvi tanya tao tara tarak tarfaan
tariq tasha tawkeel tayla taylor ted teerth tegan tejas terence teresa terina terrance terrence terri terry tess tessa
thea theo theodore theresa therese thomas tia tiana tiare tiarna tiarnan tiegan tiernan tiffany tim timothy tina
tirdad tishk tobias toby todd tom tomas tommy toni tonicha tony tonya tori tory tracey traci tracie tracy travis trent
trevor tricia trinity tripti tristan triveni triya troy tui turvi tyla tyler tyrone tyson ubaadah ubadah ubaid ubaidah
ubay ubayd ubaydullah ubika ucchal udant udarsh udyati uhban ulfat umaarah umair umang umar una unnati unni upadhriti
upasna upkaar upma urishilla urmi urrab ursula urvashi urvi usha utkarsh vahar vaishnavi valentina valerie vamakshi
vanessa vansha vanya varenya varsha vasana vasatika vasudha vaughan veda vedant vedhika vedika veer vera vernon
veronica vicki vickie vicky victor victoria vidhi vihaan vijay vikram vinaya vincent vincenzo viola violet viraj
virginia vivaan vivian vivienne vrinda vrishti vritti vyanjana waahid waail waajid wadee wadi wadood wafa wafeeq wafi
wafiq wahab wahb wahban waheed wahhaab wahhaaj waida waimarie wakeeta walter wanda warda warhi warinder warjas warren
warwick watika wayne wazir wei weijun weiming wen wendy wesley whitney widisha wikitoria will william willie willow
winnie winston wiremu wishi wriddhish wridesh wyatt xalak xavier xiaofeng xiaohong xiaoli xiaoming xiaoyan xin xiti
xobeen yaaseen yachana yadavi yadid yafi yafir yaghnam yagnesh yahvi yahya yahyaa yaman yamar yameen yamini yan yang
yaqeen yaqoot yaqub yar yasaar yaseen yash yashasvi yashawini yashem yashica yashoda yashodhara yashvi yasin yasir
yasmin yasmine yasti yatan yathrib yatin yauvani yawar yawer yazan yazeed yeraz yergha yesenia yesoob yifan ying
yochana yolanda yong yoshita yu yuan yug yureed yusuf yutika yuting yuvraj yuxuan yvette yvonne zaafir zaahid zaahir
zaakir zabir zac zach zachary zackariya zaeem zafar zafeer zafir zafrul zahaar zaheer zahi zahir zahri zahrun zahur
zaib zaid zaitra zak zane zansi zara zarar zarna zashil zauqi zaweel zayan zayyan zayyir zehaan zerdad zewad zhiwei
zihan zilmil zimran zinal zion zoe zoey zuwayhir
"""
FIRST_NAMES = frozenset(_NAMES.split())
"""Common first names in English texts, in small letters."""
