// Words that show a place, and places whose names are also words, people or brands.

/** Words right before a place where somebody is, in the languages that have them. */
export const prepositions: ReadonlySet<string> = new Set(
  (
    'a chez sobre do del della dell in at near around from across throughout outside downtown central north south east west northern southern eastern western greater ' +
    'metro inner suburban rural here over all entire whole en em desde por cerca zona sector barrio municipio ciudad toda todo sur norte ' +
    'no na nos nas à a au aux dans sur vers depuis près région chez secteur quartier aus bei raum großraum um im ganz nähe stadt ' +
    'rund bezirk kreis landkreis di da ad zona provincia tutta nel nella te rond omgeving regio heel uit w we pod koło okolice rejon di ' +
    'daerah wilayah kota sekitar kec area arah ke sa v ve во в на у из під в у το στην στο στη i på kring och nära في ب من'
  ).split(' '),
);

/** Prepositions that are as often something else; alone they do not lift a place written small. */
export const weakPrepositions: ReadonlySet<string> = new Set('a no na di da at i at all over here te v i w'.split(' '));

/** Words right behind a place: `Leeds area`, `Lucknow me`, `Ankara da`. */
export const postpositions: ReadonlySet<string> = new Set(
  'area areas region metro suburbs customers users residents here side county city da de ta te dan den me mein mai ki ke main में मे की के पर'.split(
    ' ',
  ),
);

/** Names that are ordinary words or people's names: they need a preposition and a capital, or their state behind them. */
export const wordPlaces: ReadonlySet<string> = new Set([
  ...'la paz,le port,el centro,los angeles de,hook up,the land,college station,north bend,central park,white house,la florida,san martin,santa clara,san bernardino,el valle,el banco'.split(
    ',',
  ),
  ...(
    'greve grasse bled surat parkinson many mass in bay store stores norte nyala kota cayo kl gta metro sampa pastora colinas oriente occidente tata gaya casa colony come store mass mary marine sale bush para no russian evans tapin binuang everett macomb martinez of est bama un ho much man ames ube ain pen best east anna pace ada same reading nice mobile bath most orange split battle alo ' +
    'auch lot uden ina apan goes date gay itu ans oss ode uman deal uto bar osh ron normal sim hem buy este anda como una pop ise allen ' +
    'young ami sama holiday uri wedding bend van rodriguez mon lar along onda surprise lara pau osa andes waren negara hough mao sale ' +
    ' lynn pool aso oral agen anak green oise ennis police sur mission bear male atar asti boo leh sunset opportunity wa ' +
    'tak linda rize asino bo alvin elda eden ino mati urk manga buta roy aku summit hale university spring north central rees ' +
    'eure nacional south arcos bimbo lima uga eger saco enna west hino sunrise uster union aki centre unity cary umi olt ende bra roses ' +
    'ica gent var obra nacimiento erie paradise ware grad march bell alma delta arta tara bulan pueblo split arvin nan duncan owo ' +
    'tank eagle batman hutang moro salt asha wanda epe aba retreat rugby alliance independence blaine ariana eastern wayne ' +
    'northern western defiance wil siegen lage mito volta vite arlon manage lucas adam sandy coachella cher taylor boom tsu liberty ' +
    'clinton iona gap federal superior banning peer pare ruse castro derby santa olpe feira beli lom olot nord miranda of media ' +
    'enterprise independence marina hope corona buena vista austin charlotte jackson madison florence sydney victoria chelsea ' +
    'savannah jordan georgia israel carolina chad kent lincoln santiago sofia angel diego francisco jose luis maria martin bruno ' +
    ' phoenix troy jersey brandon gary eugene irving carson tyler warren sterling hudson logan ' +
    'camden brooklyn malta turkey cuba guinea togo mali niger oman jamaica panama china japan korea cork rush trim battle hove ' +
    'deal wells rugby sandwich ely hay usa us america american american ocean lakewood beaverton columbus monroe marion franklin ' +
    'salem aurora avon burton chester clinton clifton dover newport hamilton perth darwin ' +
    'star moon sun rio natal colon como      ' +
    ' gaia tema kano osun edo delta rivers plateau niger lazio marche ma va pa la de do da me or ok hi oh ' +
    'id md ms mo mi al ar as in is it be by he so to no on at an am pm sc nd sd nc nj ga co ct ca fl il ks ky mn mt ne nh nm nv ny ri ' +
    'tn tx ut vt wi wv wy center grand island islands capital coast coastal district mountain valley plain lake lakes hill hills city ' +
    'state states county park port harbor harbour bridge brook field fields forest garden gardens rose rosa pearl ruby grace ' +
    ' laguna la-paz concordia esperanza trinidad dolores mercedes soledad progreso libertad victoria gloria aurora  ' +
    'piedmont nova terra sol luz vale serra campo campos mina minas ponte monte casa barra lapa gama goa nara sens lens ' +
    'vienne loire marne cher nord manche somme orne eu auch foix die apt gap vire dole sete nancy nice   ' +
    ' singen wesel werl ahlen soest bunde lage peine unna verl much haan rees      ' +
    ' steyr zug thun chur uster wil sion orbe mons alost ath mol geel zele ' +
    'hilton palace united kingdom china phoenix oakland buffalo eagle pass sparks reno corona weimar celtics ' +
    ' bury sale hyde leigh ware hook ash hythe deal settle goole  ' +
    ' sparta carthage richmond ' +
    'san los las saint st mount fort new old big little red blue white black golden silver crystal lotte nagar garh pur ' +
    'carmen teresa elena helena alexandria cecilia juliana luciana regina rafael ramon pedro juan miguel antonio fernando ' +
    'nederland holland polska baden tutti rho ' +
    'tosa ebina kuki toda warabi hino fuji fujisan suzuka kaga hida sado chino saku suwa ena toki mizunami' +
    ' acre agar ajax alaves alot alta altos america anta anthem antigo anula arab areia aroma arsenal arti ashton aube august ayer ' +
    'azul badger baja bakal baker bala ball banda banks banting barking barre barro barroso basement basi batalha bato battlefield ' +
    'batu beat bela belo benfica berani berat bikin bishop blacksmiths bol bolo bonita bonito bonn bono botafogo bow bradford ' +
    'branch bright bro brush bulls bunda burla burns butler cabo cache cactus cameron campana campanha canning cardigan caro ' +
    'carter casa cascade cave cedar celebration celle celta cerro chamba chamber chandler chato chico chili choix chop church ' +
    'citra clara clark clause clay clever cocoa cody college colonia commerce converse cook cool cooper corinthians countryside ' +
    'crane croix crook cumming dana dano dara david dejen dent diez diré diss dollar dome douglas driver durant early economy ' +
    'embalse encanto escada esperança esquina essen ete experiment eye fate finder flamengo fleet flores forth foster fountain ' +
    'franklin freedom freeport friendly gali gana gateway gigante globe goes gordon gore grado grain granite grant grants grave ' +
    'gray grenade grève gua guarda guna guria guru haa halfway hard harrison harvest hatten hazard healing heath hilo holder ' +
    'hometown hoo hooks howard humble iba imperial independencia indie isabel isla island jardim jasper justice juventus kamen ' +
    'kapan katar kaya kelly kendall keren kill king kissing kos kosan kosong kotor lakeside lala landing landmark largo latina law ' +
    'lead leer lend lent leon levante lewis liberal libres licking liegen lindsay lively locking loja long loon lopez lula lure ' +
    'mach machen made madera maio makanya maki mala malo manda mandan mandi mango mara marathon marco mardi mariana marks mascara ' +
    'mascot massa matam mau maurice mayo mead mentor mere mesa mie milagro miles milton mitchell moca moe mold mono monster moody ' +
    'mora morena morgan morrow mos moth mound murray muse naga nangis naval needles nelson niel nokia nome norak nord nuevo obama ' +
    'officer olds opera opp ouest over page palestine panorama par paramount paredes paro parole pasaje passos paz pedra pego ' +
    'penguin pero pila pilas pinch pinto pisco pita placer plaisir plano plenty plunge poli poll pong port porta portão post pout ' +
    'praia preston price primera progress progresso prospect prosper puan puck pula pulo purchase pô quarto rain rajin rangers ' +
    'real redhead reforma registro rehab republic research reserve retiro reuniao reunion reuniones reunião reunión revel ridge ' +
    'rifle riunione riunioni rock rode ronda rum rye réunion saga sake sal sala salida salon salto santa santos saran sari savage ' +
    'say scissors send senden senta seria shaping shelby shields side sig sisa ski snowflake socorro spa spry stains star stella ' +
    'stelle stock stone strawberry street stuart success sud sumber sunshine suyo sway tactic talent tame tanda tapes tapping taps ' +
    'tarifa tea tela temple tequila terang terme thermal thurston tienen tire toma tomar tornado torrent torres tours tower trail ' +
    'triangle tumble turbo turner ujar uji ultimo urbana vamo vence venus vice vitoria volcano vom wallace ward warrior wars weed ' +
    'welcome wem wenden wer wesley wing winner wise wissen wool worms worth yea zoar zug' +
    ' solo dc picos port springfield metro napa copa flores tigre kota gaya brandon salem angus '
  ).split(' '),
]);

/** Names of regions that say nothing without the rest: `Central`, `Northern`. */
export const emptyRegions: ReadonlySet<string> = new Set(
  (
    'nordest|nord est|nord ouest|sud est|sud ouest|nordeste|noreste|noroeste|sudeste|sudoeste|suroeste|central|northern|southern|eastern|western|north|south|east|west|capital|center|centre|islands|coast|littoral|union|free state|' +
    'northern province|southern province|eastern province|western province|central region|north central|south central|northeast|northwest|' +
    'southeast|southwest|north west|north east|highlands|mountain|plateau|delta|rivers|cross river|river nile|blue nile|red sea|' +
    'eastern region|western region|northern region|southern region|upper river|lower river|central river|trinity|victoria|princes town|' +
    'saint george|saint john|saint mary|saint paul|saint peter|saint andrew|saint david|saint patrick|saint joseph|saint lucia parish|' +
    'community|amazonas|metropolitan|first|second|third|federal district|capital district|capital region|national|municipality|media|' +
    'asia|apac|eu|europe|emea|latam|americas|lake|valley|sierra|river|bay|plains|hills|bay islands|cross|edge|none|global|world|earth|internet|online|space|moon|home|here'
  ).split('|'),
);

/** Machines that stand somewhere: `server region Mumbai`, `London nodes`. */
export const machines: ReadonlySet<string> = new Set(
  'server servers node nodes region regions pop pops ingest endpoint endpoints datacenter datacentre cluster sunucusu sunucu az lb load serveur serveurs exit vpn ec2 gcp aws shard realm'.split(
    ' ',
  ),
);

/** People who are not the author: `my brother in Tulsa`. */
export const others: ReadonlySet<string> = new Set(
  (
    'brother sister friend friends son daughter mate cousin colleague colleagues mum mom mother dad father uncle aunt buddy guy someone ' +
    'born match game concert festival holiday flight trip train meeting conference office hotel ' +
    'bruder schwester freund freundin kumpel kollege kollegin kollegen sohn tochter ami amie frère soeur collègue cousine ' +
    'amigo amiga hermano hermana primo prima colega colegas irmão irmã amico amica fratello sorella collega teman temen sepupu ' +
    'brat siostra kolega kuzyn vriend zus broer collega arkadaşım kardeşim'
  ).split(' '),
);

/** Words behind a name that make it a street or a house: `Boston Road`. */
export const streetsBehind: ReadonlySet<string> = new Set(
  'st street rd road ave avenue blvd boulevard dr drive ln lane hwy highway pkwy parkway ct court pl ext'.split(' '),
);

/** Words before a name that make it a street: `Calle México`, `rue de Lyon`. */
export const streetsBefore: ReadonlySet<string> = new Set(
  'calle av ave avda avenida carrera cra rue rua travessa via viale corso calzada circuito'.split(' '),
);
