"""Family names in Latin letters; among them those of Faker's lists for six English-speaking countries (MIT licence)."""

from __future__ import annotations

_NAMES = """
aaaqil aabid aadam aadil aalam aamil aamir aamirah aarif aariz aasif aasim aatiq aazim abaan abbott aberhart acevedo
acharya acosta adams adkins agarwal agate aggarwal agrawal aguilar aguirre ahluwalia ahmad ahmed ahuja aitken akhtar
aldridge alexander ali allan allen allerby allison alvarado alvarez alve amble anand andersen anderson andra andrade
andrew andrews anne anthony apte archer arellano arias armstrong arnold arnott arora arroyo arya aryan ashley ashton
atkins atkinson atwal auraq aurora austin avery avila awadil awamil awani awj awmar ayaan ayala ayamin ayers ayyubi
azban baaqir baaree baashir baasim baasit babar babu badal badami bahl bahri bail bailey bains baird bajaj bajwa baker
bakshi bal bala balakrishnan balan balay baldick baldwin baleegh bali ball ballard bambad bandi banerjee banik banks
bansal barad barajas baral barber baria barker barlow barman barnes barnett barr barraq barrera barrett barron barry
bartlett barton bary basaam basak baseer bashaar bashaarat basheerah bass bassett bassi basu batal batchelar bates
batool batra batta bauer bautista bava bawa baxter bean beard beasley beattie beck becker bedi begum behl bell beltran
ben bender benitez benjamin bennett benson bentley benton bera berg berger berkahn bernard berry bevan bhagat bhakta
bhalla bhandari bhardwaj bhargava bhasin bhat bhatia bhatnagar bhatt bhatti bhavsar bibi bilaal bir birch bishell
bishop biswas bizhan black blackburn blackwell blair blake blanchard blankenship blevins blick boase bobal bolton bond
boniface bonilla booker boon boone booth bora borah borde borra bose botham bowater bowden bowen bowers bowman boyce
boyd boyer boyle bradford bradley bradshaw brady brahmbhatt branch brandt brar braun bray brennan brewer bridges
briggs brock brookes brooks broughan brown browne browning bruce bryan bryant buch buchanan buck buckley buick bull
bullock bumb buraid burch burgess burke burnett burns burr burrell burrows burt burton bush butala butcher butler byrd
byrne cabrera cai cain cairns calderon caldwell calhoun callahan camacho cameron campbell campos cannon cantrell cantu
cao cardenas carey carlson carney carpenter carr carrillo carroll carson carter cartwright casey castaneda castillo
castro cervantes chacko chad chada chadha chadwick chahal chakrabarti chakraborty chamberlain chambers chan chana
chand chanda chander chandler chandra chandran chaney chang chapman char charles charlton chase chatterjee chaudhari
chaudhary chaudhry chaudhuri chaudry chauhan chavez chawla cheema chen cheng cherian cherry cheung chhabra ching choi
chokshi chopra choudhary choudhry choudhury chow chowdhury christensen christian christiansen christie chu chung
cisneros claridge clark clarke clay clayton clements clifford cline coates cobb cochran coffey cohen cole coleman
coles coley collier collins collis colon comar combs compton conley conner connolly connor conrad contractor contreras
conway cook cooke cooksley cooley cooper copeland corbett cordova corlett cortez costa costello coutts cowan cox cragg
craig crane craven craw crawford cresswell croad crosby cross cruz cuevas cui cumming cummings cunningham currie curry
curtis daamin dabir dada dakhil dalal dale dalton daly dalziel damurah dani daniel daniels dar dara darain das
dasgupta dash dass datta daugherty dave davenport davey david davidson davies davila davis davison dawick dawson dawud
day dayal dean decker delacruz deleon delgado deng dennis deo deol desai deshmukh deshpande devan devi dewan dey
dhaliwal dhar dhawan dhillon dhingra diaz dick dickerson dickinson dickson dillon din ding divan dixit dixon dobson
dodd dodson doherty dominguez donald donaldson dong donnelly donovan dora dorsey doshi dougherty douglas downs doyle
drake drew drummond du dua duarte dube dubey dudley duffy dugal dugar duke duncan dunlap dunn duong duran durham dutt
dutta dyal dyer eaton eden edmonds edwards edwin eglinton ehsaas ejlaal ellery elliott ellis ellison enright erickson
escobar esfandyar eshan esparza espinoza esson estes estrada evans everett ewart ewing fairhall faizan fan fang
farland farley farmer farrell faulkner fazli feng fenton ferguson fernandes fernandez ferrari ferrell fidvi field
fields figueroa finch findlay finley fischer fisher fitzgerald fitzpatrick fleming fletcher flood flores flowers floyd
flynn foley foote forbes ford forrest forster forsyth foster fowler fox francis franco frank franklin fraser frazier
frederick freeman freeth frey friedman fritz frost fry frye fu fuentes fuller fulton fung funnell furness gaba gade
gaines gala gallagher gallegos galloway galvan gamble gandhi ganesan ganesh ganguly gao gara garcia garde gardiner
gardner garg garner garrett garrison garza gaskin gates gay gee gentry george gera ghafoor ghanee ghannam ghasaan
ghauth ghayoor ghazzal ghose ghosh ghunayn ghutayf gibb gibbons gibbs gibson gifford gilbert gilchrist giles gill
gillespie gillies gilmore gledhill gleeson glenn glover goda goddard godfrey goel gohar gokhale gola gole golla gomez
gong gonzales gonzalez goodman goodwin gopal gordon gore goswami gough gould gour goyal graham grant graves gray green
greene greenwood greer gregory greig grewal griffin griffith griffiths grimes gross grover gu guerra guerrero guha gui
gulati gulfam gullery gulshan gunn guo gupta guthrie gutierrez guy guzman haas hadfield hahn haines halder hale haley
hall ham hamilton hammond hampton han hancock handa haney hanna hans hansen hanson hansson hardie hardin harding hardy
hargreaves hari harmon harper harrell harrington harris harrison hart hartley hartman harvey hassan hatfield hawkins
hay hayden hayer hayes haynes hayre hays hayward he healey healy heath hebert hegde henderson hendricks hendrix henry
hensley henson hepburn herbert herd herman hernandez herrera herring hess hester hewitt hickey hickman hicks higgins
hill hills hilton hines hinton ho hoare hobbs hodge hodges hodgson hodson hoffman hogan hogg holdaway holden holder
holland holloway holmes holt hood hook hooper hoover hopkins hora horn horne horton hoskins hou houghton houston
howard howarth howe howell howells hu hua huang hubbard huber huddleston hudson huerta huff huffman hughes hui hull
hume humphrey humphreys humphries hunt hunter hurley hurst hussain hutchinson huynh huzaifa hyde ibarra ibraaheem
ibrahim idris iftikhaar ihab ihsaan ihtiram ijli ilan ingram iqbal irving irwin issac ito iyengar iyer jaabir jabir
jabr jackson jacobs jacobson jacques jad jaggi jahdami jahdari jain jalaal jalil jamaal jameel james jamieson jani
jansen jarvis jayaraman jefferies jefferson jeffries jellyman jenkins jennings jensen jha jhaveri jia jiang jimenez
jin joe johal johansen johansson john johns johnson johnston johnstone jones jordan joseph joshi joyce juarez judd
kaamil kabeer kachela kadakia kade kaiser kakar kala kale kaleem kaleema kalita kalla kamal kamdar kamran kanda kane
kang kannan kant kapadia kapoor kapur kar kara karaamat karam karan kari karnik karpe kasam kashif kashyap kasim kata
kaufman kaul kaur kay kaysan keer keith keller kelley kelly kemp kendall kennedy kenny kent kerr khalsa khan khanna
khare khatri khosla khurana kibe kidd kim king kirby kirk klein kline knapp knight knowles knox kobayashi koch kohli
konda kong korpal koshy kota kothari kowalski kramer krause krish krishna krishnan krueger kruger kulkarni kumar kumer
kunda kurian kuruvilla kwan kwok labeeb lad lahiah lai laing lajlaj lal lala lall lalla lam lamb lambert lammas
lancaster landry lane lang lara larsen larson lata latif lau laurenson lawrence lawson layth le leach learmonth
leblanc lee lees lei leon leonard leslie lester leung levine levy lewandowski lewis li lian liang limazah lin lindberg
lindsey linton liu livingston liyaaqat liyaqat lloyd logan loke long lopez lou lowe lowery lozano lu luay lucas lucero
luna luo luqmaan luqman lut lutf luthra lutz lv lynch lynn lyon lyons ma maalik maawiya macdonald macias mack mackay
mackenzie macpherson mad madan madden maddox madiyan magar mahajan mahal maharaj mahbeer mahbub maheen mahfuj mahfuz
mahmood mahmoud mahoney majd majeed majumdar maldonado malhotra malik mallick malone mammen mand manda mandal mander
mane mangal mangat mani mann mannan manne manning manson mao marfell marks maroof marquez marsden marsh marshall
martin martinelli martinez mason massey mata matheson mathews mathis matthews maxwell mayer maynard mayo mays mcbride
mccall mccallum mccann mccarthy mccarty mcclain mcclure mcconnell mccormick mccoy mccullough mcdaniel mcdonald
mcdowall mcdowell mcewen mcfarland mcfarlane mcgee mcgill mcgrath mcgregor mcguire mcintosh mcintyre mcisaac mckay
mckee mckenna mckenzie mckinney mckinnon mcknight mclachlan mclaughlin mclean mcleod mcmahon mcmanaway mcmillan
mcmurray mcnabb mcneil mcpherson meadows meads mears medina mehta mei mejia melendez mellor melton memon mendez
mendoza meng menon mercado mercer merchant meredith merritt metcalfe meyer meyers meza miah michael middlemiss
middleton miles millar millard miller mills minhas miranda mishra misra mistry mital mitchell mitra mittal mitter mo
modi mody mohan mohanty molina monk monroe montes montgomery montoya moody mooney moore mora morales moran morar
moreno morgan morley morris morrison morrow morse mortimer morton moses mosley moss mourib moyer mudgway mueller muir
mukherjee mukhopadhyay mullen muller mullins muni munoz munro munshi murdoch murillo murphy murray murthy murty mutti
myers müller naail nabeel nabih nadeem nadig nadkarni naeem nagar nagarajan nagi nagy naidoo naidu naik nail nair
najam najeeb nakamura nanda narain narang narasimhan narayan narayanan narula nash natarajan nath natt navarro nayak
nayar naylor nazareth neal neilson nelson newman newton ng nguyen nicholas nicholls nichols nicholson nicol nie
nielsen nigam niu nixon noble nolan nori norman norris norton novak nunez o'brien o'connor o'donnell o'keefe o'neill
o'reilly o'sullivan obrien ochoa oconnell oconnor odom odonnell oliver olsen olson om omair omar omeir omran oneal
oneill oommen orchard orozco orr ortega ortiz osborn osborne ossama ouyang owais owen owens oza pace pacheco padilla
padmanabhan pai pal palan pall palla palmer pan panchal pandey pandit pandya pang pant parekh parikh park parker
parkes parkin parkinson parks parmar parmer parrish parry parsa parsons patchett patel paterson pathak patil patla
paton patrick patterson patton pau paul payne peacock pearce pearson peck pedersen pei pena peng pennington perano
perez peri perkins perrin perry peters petersen peterson petty pham phelps phillips pickering pierce pike pillai
pillay pineda pingle pittman pitts pollard ponce poole pope porter potter potts powell powers prabhakar prabhu pradhan
prakash prasad prashad pratt prentice preston price priest prince pritchard procter proctor prouse pruitt pugh puri
purohit qaasim qabeel qadar qadeer qahtan qaim qais qaseem qasif qi qian qiao qin qiu quadir quinn qusay qutaybah
raaghib raakin raashid raatib rabah rabar rabb rabbani rabee rabiah radi raed rafay rafeek rafi raghavan raheel rahman
rai raid raj raja rajagopal rajagopalan rajan raju ram rama ramachandran ramakrishnan raman ramanathan ramaswamy
ramesh ramirez ramos ramsay ramsey rana randall randhawa randolph ranganathan rangel rao rasmussen rastogi ratta
rattan ratti rau raval ravel ravi ray raymond rayner reader reardon reddy reed rees reese reeves rege reid reilly ren
reyes reynolds rhodes rice richard richards richardson richmond rickard riddle riggs riley rios ritchie ritter rivas
rivera rivers roach robb robbins roberson robert roberts robertson robinson robles robson rocha rodgers rodriguez
rogers rohaan rojas rollins roman romano romero rosales rosario rose ross rossi rossiter roth rout rowe rowland
rowlands rowley roy ruan rubio ruiz rush russell russo rutherford ryan saabir saad saafir saahir saajid saal saalim
saaqib saariyah sabah sabeeh sabharwal sabil sabiq sabir saboor sabur saburah sachar sachdev sachdeva sadan sadaqat
sadeed sagar saha sahni sahota saini sair salas salazar salinas salvi sama sami sampath sampson samra sanchez sandal
sanders sanderson sandhu sandoval sane sanford sangha sanghvi sani sankar sankaran sant santana santiago santos saraf
saran sarin sarkar sarma sarna sarraf sastry sathe satherley sato saunders savage savant sawhney sawyer saxena
schaefer schmidt schmitt schneider schofield schroeder schultz schwartz schwarz schwass scott searle sehgal sekhon
sellers sem sen sengupta serrano seshadri seth sethi setty sexton seymour sha shaffer shah shailer shan shand shang
shankar shanker shannon shao sharaf sharma sharp sharpe shaw shea sheikh shelton shen sheng shenoy shepard shepherd
sheppard shere sheridan sherman sheth shetty shi shields shroff shu shui shukla si sibal sidhu silva simmonds simmons
simon simonsen simpson sims sinclair singh singhal singleton sinha situ sixtus skinner slater sloan smith snyder sodhi
solanki solis solomon som soman song soni sood soper sosa soto souma southee sowman sparks spears spelman spence
spencer sridhar srinivas srinivasan srivastava stace stafford stanley stanton stark steele steer stein stephens
stephenson stevens stevenson stewart stokes stone storey stout stratford stratton strawbridge strickland stuart stubbs
su suarez subramaniam subramanian sule sullivan summers sun sundaram sunder sur sura suresh suri sutton suzuki
swaminathan swamy swanson sweeney swift sykes taaj taanish tabassum tadeen tafazal tahawwur taheem tahir tahmaseb
tailor taimur tait taj tajammul tak talal talat talbot talha talhah tali talib talwar tam tamanna tan tanaka tandon
taneja tang tanner tao tapia tapp tara tata tate tawkeel taylor tella terrell terry thaker thakkar thakur thaman
thomas thompson thomson thornton thorpe tian tiwari todd tomlinson toms tong toor torres townsend tran trask travis
trevino tripathi trivedi trujillo tsang tu tucker turnbull turner twidle tyler ubaadah ubadah ubaid ubaidah ubay ubayd
ubaydullah uhban umaarah umair umar underwood upadhyay uppal urrab vahar vaidya vala valdez valencia valenzuela vance
vang vargas varghese varkey varma varty varughese vasa vasquez vaughan vaughn vazquez vega velasquez velazquez velez
venkataraman venkatesh vercoe verma vig villa villanueva villarreal villegas vincent virk viswanathan vo vohra vora
vyas waahid waajid wable wade wadhwa wadi wadood wafa wafeeq waghorn wagle wagner wahhaaj wali walia walker walla
wallace waller wallis walls walsh walter walters walton wan wang ward ware warner warren warrior washington wason
watanabe waters watkins watson watt watts waugh weaver webb webber webby weber webster weeks wei weiss welch wells wen
weng werner west weston wheeler whitaker white whitehead whitehouse whitfield whitney whittaker whyte wiggins wilcox
wiley wilkerson wilkins wilkinson williams williamson willis wills wilson wilton winter winters wise wolf wolfe wong
wood woodard woods woodward woolley wratt wright wu wyatt xi xia xiang xiao xie xiong xu xue yadav yadid yafir yaghnam
yahyaa yamada yamamoto yaman yan yang yao yar yasir yates yawer ye yeung yi yim yin ying yip yoder yogi yohannan yoon
you young yu yuan yue yuen yun zaafir zaahid zaahir zaakir zacharia zachariah zackariya zafar zafir zafrul zahaar
zaheer zahri zahrun zahur zamora zarar zavala zayyir zeng zhai zhan zhang zhao zhen zheng zhong zhou zhu zhuang zhuo
zimmerman zou zuniga zuo zuwayhir
"""
LAST_NAMES = frozenset(_NAMES.split())
"""Common surnames in English texts, in small letters."""
