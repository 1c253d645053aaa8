// Words around a name that tell whether a service is meant: failure words, and what people glue to handles and tags.

/** Words of failure, by language; near an ambiguous name they speak for the service. */
export const failureWords: readonly string[] = [
  ..."down,refused,refuses,spitting us out,outage,outages,offline,not working,isnt working,isn't working,stopped working,doesnt work,doesn't work,wont load,won't load,not loading,lost connection,rubberbanding,rubber banding,wiped,declined,declining,refusing,drops,dropping,drop,dropped,out again,is out,are out,off again,halts,halted,grounded,unable,something went wrong,what's going on with,whats going on with,wtf,500ing,no bars,wont open,won't open,cant log in,can't log in,cant login,can't login,cannot login,login,log in,logging in,sign in,signing in,server,servers,error,errors,error code,crash,crashed,crashes,crashing,keeps crashing,glitch,glitching,glitchy,glitched,bug,bugged,buggy,broken,broke,lag,lagging,laggy,latency,timeout,timing out,timed out,unavailable,unreachable,disconnected,disconnecting,disconnects,reconnecting,issues,problems,having issues,having problems,died,dead,acting up,working for anyone,back up,back online,up again,degraded,503,502,500,504,404,api,app,website,site,login page,servers down,buffering,freezing,frozen,maintenance,connect,connecting,connection,can't connect,cant connect,not responding,status page,no service,no signal,half the internet,is it just me,anyone else,anyone elses,meltdown,shit the bed,crapped out,borked,kaput,failing,failed,fails,cant access,can't access,unable to,fucked,refuses to,stuck,restart,reboot".split(
    ',',
  ),
  ...'caído,caída,muerto,muerta,muertos,revivió,volvió,regresó,se congela,congelada,se queda,se cierra,me saca,no envía,no manda,no llegan,no aparece,revivió,se cae,sin nada,no cobra,caida,caido,caídos,se cayó,se cayo,caiu,caindo,fora do ar,fuera de servicio,no funciona,no me funciona,no funcionan,no carga,no abre,no me deja,no anda,no sirve,no deja,falla,fallas,fallando,fallo,fallos,sin servicio,sin señal,sin internet,sin conexión,problemas,error al,intermitencia,intermitencias,lento,lenta,não funciona,voltou,sumiu,morreu,morto,não cai,não envia,nao envia,não carregam,tela branca,tela preta,reiniciando,fica girando,girando,pegando,não pega,nao funciona,não abre,nao abre,não carrega,nao carrega,não entra,nao entra,não está funcionando,nao ta funcionando,instável,instabilidade,sem sinal,sem internet,travando,travou,travado,bugado,bugou,erro,deu ruim,falha,servidor,servidores,no conecta,desconectado,colgado,entrar,iniciar sesión'.split(
    ',',
  ),
  ..."en panne,couper,coupez,coupent,pourrie,mort,morte,est revenu,écran noir,coupe,coupures,pannes,soucis,souci,bloqué,bloquée,freeze,instable,plus rien,fait des siennes,plus internet,plus d'internet,débit,déconnecte,galère,panne,hors service,ne marche pas,marche pas,marche plus,ne fonctionne pas,fonctionne pas,fonctionne plus,ne fonctionne plus,bug,bugue,beug,plante,planté,planter,coupure,coupé,perturbation,problème,inaccessible,injoignable,erreur,serveur,serveurs,plus de réseau,pas de réseau,connexion,hs,rame,ça rame".split(
    ',',
  ),
  ...'störung,stoerung,störungen,ausfall,ausgefallen,dood,plat,weg,friert,bricht ab,brechen ab,streikt,lahm,wieder da,ausfälle,laden nicht,gehen nicht,dauerhaft,einschränkungen,bockt,lahmt,hakt,down,geht nicht,geht nix,funktioniert nicht,funktionieren nicht,läuft nicht,lädt nicht,nicht erreichbar,tot,offline,fehler,fehlermeldung,kein netz,kein empfang,kein internet,gestört,spinnt,abgestürzt,stürzt ab,hängt,server,verbindung,anmelden,einloggen,probleme,storing,storingen,ligt eruit,ligt plat,doet het niet,werkt niet,werkt weer,plat,eruit,geen bereik,geen verbinding,inloggen,foutmelding'.split(
    ',',
  ),
  ...'non funziona,non mi fa,si blocca,bloccata,bloccato,non invia,non consegna,morto,morta,tornato,niente internet,a singhiozzo,non naviga,non va,non funzionano,giù,è giù,guasto,guasti,disservizio,disservizi,problemi,errore,non carica,non si apre,fuori servizio,in tilt,crasha,bloccato,non prende,senza linea,nie działa,leży,nie wysyła,nie laduje,kręci,zamula,muli,wrócił,wróciło,brak,zasięgu,wywala,wywaliło,nie dziala,nie działają,awaria,awarię,leży,padł,padło,padła,błąd,problem z,nie mogę się zalogować,nie ładuje,nie wchodzi,zalogować,çöktü,donuyo,açılmıyo,atıyo,bulamıyo,çekmiyo,gelmiyor,yok,takılıyor,dondu,atıyor,düştü,düşüyor,düzeldi,geldi,internet yok,bağlantı,çökmüş,açılmıyor,çalışmıyor,girmiyor,girilmiyor,giremiyorum,bağlanmıyor,çekmiyor,kesinti,arıza,sorun,erişim,hata,gitti,yüklenmiyor,donuyor,kasıyor,patladı'.split(
    ',',
  ),
  ...'gangguan,error,keluar,mental,muter,loading,force close,ilang,hilang,buffering,lola,burik,normal lagi,udah bisa,down,lemot,lelet,ga bisa,gak bisa,nggak bisa,tidak bisa,gabisa,ngga bisa,eror,mati,ngelag,lag,trouble,putus,ilang,hilang sinyal,ndak bisa,ngadat,los,gak jalan,not working,nahi chal raha,nhi chal raha,nahi ho raha,chal raha,band hai,ban hai,thap,lỗi,sập,không vào được,ayaw gumana,di gumagana,walang signal,nawala'.split(
    ',',
  ),
  ...'障害,落ちた,落ちてる,落ちて,落ち,繋がらない,つながらない,繋がりません,重い,重く,エラー,ログインできない,ログイン,開かない,開けない,見れない,使えない,不具合,繋がら,つながら,既読つか,くるくる,ぐるぐる,止まっ,真っ黒,真っ白,反応しない,入れない,サーバー,鯖落ち,鯖,死んでる,死んだ,バグ,バグった,おかしい,復旧,圏外,通信障害,読み込まない,表示されない,動かない,送れない,안됨,튕기,멈춤,안열,안 열,살아났,무한로딩,로딩,오프라인,팅김,팅겨,안돼,안되,안 됨,안 돼,안 되,먹통,오류,에러,장애,터졌,터짐,접속,로그인,서버,렉,느려,끊김,끊겨,튕김,튕겨,복구,崩了,崩溃,挂了,宕机,打不开,登不上,连不上,炸了,卡,故障,無法,當機,掛了,连接,登录,ล่ม,ใช้ไม่ได้,เข้าไม่ได้,หลุด,ค้าง,ช้า'.split(
    ',',
  ),
  ...'не работает,не работают,упал,упала,упало,упали,лежит,лежат,сбой,сбои,не грузит,не грузится,не открывается,ошибка,не заходит,глючит,тормозит,вылетает,лагает,сервер,сервера,не могу зайти,не працює,лежить,впав,збій,عطل,معطل,معلق,لا يعمل,ما يشتغل,مش شغال,مش بيفتح,ما يفتح,واقف,متوقف,طايح,خربان,مشكلة,بطيء,مقطوع,انقطاع,سيرفر,سيرفرات,डाउन,बंद,नहीं चल,काम नहीं कर,ठप,नहीं हो रहा,एरर,सर्वर,লগইন,ডাউন,কাজ করছে না,לא עובד,נפל,קרס,תקלה,قطع,قطعه,کار نمیکنه,δεν λειτουργεί,έπεσε,πεσμένο,κολλάει,nefunguje,výpadek,spadl,nu merge,a picat,nem működik,leállt,fungerar inte,ligger nere,nere,virker ikke,nede,ei toimi,kaatui,funker ikke,krasjet'.split(
    ',',
  ),
];

/** Words that make a following ambiguous name an ordinary word: `the box`, `both teams`. */
export const determiners: readonly string[] =
  'a,an,the,my,your,his,her,our,their,this,that,these,those,some,any,both,all,two,three,four,other,each,every,no,of,on,und,der,die,das,den,dem,ein,eine,mein,meine,el,la,los,las,un,una,mi,tu,su,le,les,une,mon,ma,mes,ton,o,os,um,uma,meu,minha,il,lo,gli,het,een,mijn'.split(
    ',',
  );

/** What brands and their customers hang on a name in a handle or tag, with the country where it tells one. */
export const tails: ReadonlyMap<string, string | null> = new Map([
  ...(
    'care cares careteam latam shoppers drivers cycle community techsupport tips support supports help helps helpdesk helpers helpteam assist assists answers status service services ' +
    'serviceteam customerservice customercare custcare cs cust customer customers serv servicio servicios atiende ayuda contigo ' +
    'soporte clientes cliente teayuda responde hilft aide sav assistance assistenza webcare kundenservice hilfe destek ' +
    'official oficial officiel offiziell app apps tv hq team news newsroom business biz media press updates update info live ' +
    'online net mobile mobil movil web internet broadband fiber fibre wifi music video games gaming game dev devs api cloud ' +
    'bank banking pay payments wireless cellular telecom telco group inc corp co com us usa eu global intl world en ' +
    'down outage outages offline crash crashed crashing error errors fail fails failed failing issue issues problem problems ' +
    'broken bug bugs glitch lag lags laggy slow sucks suck server servers serversdown isdown goesdown is isback back again ' +
    'notworking login dead died rip shutdown blackout fiasco fallback fixed downagain wtf nightmare scam caido caida caiu ' +
    'cayo secayo cae falla fallas foradoar panne enpanne storung stoerung storungen ausfall storing gangguan lemot error eror ' +
    'kena coktu cokmus awaria giu 障害 落ち 復旧 24 247 24x7 1 2 3 5 2020 2021 2022 2023 2024 2025 2026 tm plus premium pro hd'
  )
    .split(' ')
    .map((word): [string, null] => [word, null]),
  ...Object.entries({
    uk: 'GB',
    gb: 'GB',
    ie: 'IE',
    ireland: 'IE',
    in: 'IN',
    india: 'IN',
    ng: 'NG',
    nigeria: 'NG',
    naija: 'NG',
    gh: 'GH',
    ghana: 'GH',
    ke: 'KE',
    kenya: 'KE',
    ug: 'UG',
    uganda: 'UG',
    tz: 'TZ',
    tanzania: 'TZ',
    rw: 'RW',
    rwanda: 'RW',
    za: 'ZA',
    sa: 'ZA',
    zambia: 'ZM',
    zm: 'ZM',
    mx: 'MX',
    mexico: 'MX',
    mex: 'MX',
    br: 'BR',
    brasil: 'BR',
    brazil: 'BR',
    ar: 'AR',
    arg: 'AR',
    argentina: 'AR',
    colombia: 'CO',
    col: 'CO',
    pe: 'PE',
    peru: 'PE',
    cl: 'CL',
    chile: 'CL',
    ec: 'EC',
    ecuador: 'EC',
    ve: 'VE',
    venezuela: 'VE',
    uy: 'UY',
    es: 'ES',
    espana: 'ES',
    spain: 'ES',
    fr: 'FR',
    france: 'FR',
    de: 'DE',
    deutschland: 'DE',
    germany: 'DE',
    at: 'AT',
    austria: 'AT',
    ch: 'CH',
    it: 'IT',
    italia: 'IT',
    italy: 'IT',
    nl: 'NL',
    be: 'BE',
    pt: 'PT',
    portugal: 'PT',
    pl: 'PL',
    polska: 'PL',
    tr: 'TR',
    turkiye: 'TR',
    turkey: 'TR',
    ro: 'RO',
    romania: 'RO',
    gr: 'GR',
    hu: 'HU',
    cz: 'CZ',
    id: 'ID',
    indonesia: 'ID',
    my: 'MY',
    malaysia: 'MY',
    sg: 'SG',
    ph: 'PH',
    th: 'TH',
    jp: 'JP',
    japan: 'JP',
    kr: 'KR',
    au: 'AU',
    aus: 'AU',
    australia: 'AU',
    nz: 'NZ',
    ca: 'CA',
    canada: 'CA',
    eg: 'EG',
    egypt: 'EG',
    arabia: 'SA',
    ksa: 'SA',
    uae: 'AE',
    qa: 'QA',
    qatar: 'QA',
    pk: 'PK',
    pakistan: 'PK',
    bd: 'BD',
  }),
]);

/** What stands before a name in a handle or tag: `@AskPayPal`, `#isSlackDown`. */
export const leads: readonly string[] =
  'ask,true,my,team,hey,the,official,get,go,real,is,why,fuck,fck,boycott,hello,dear,from,soporte,ayuda,help,support,rip,bye,no,weare,web,app,status,care,cancel,ditch,goodbye'.split(
    ',',
  );

/** Names that are words of every other post: only their account, a tag, or several cues at once count. */
export const commonWords: ReadonlySet<string> = new Set([
  'my phone',
  'the update',
  'new update',
  ...(
    'entra lol american fiber kabel connections monday aa ps ft sf bt boa delicious tommy mut ups logic network strom wasser felix bird dms net fibra fibre cai exchange ' +
    'now x 3 free very keep live une idea talk line three win meet learn word drive water clear stories five switch act chat base mac ' +
    'spot max prime smart fl maps metro brown shift actions go be on to in it is us we up hits res wish pay cash show watch play move ' +
    'home house life time news music video photos photo books phone mail email cloud app apps web site radio rise au tim oi vi ms fc ' +
    'face thread timeline market echo square office snow boost skip lion spaces visible boards deck forms docs division retail belong ' +
    'gas agua luz one first direct public total simple open claro vivo mega wise box discover current ally pin pins link hub ring rings ' +
    'of cc eats circle shovel threads dc sc fyp bb pp gb tl sr dm gi ac ff ow bf mc sb cd the tele nu 02 css star comm loop globe mist sierra fire ice key drops ' +
    'honey yoga flag skinny shorts spark rocket rift gears vine tube axis tri matrix playground epic fantasy square wa tt ig tg cs mess'
  ).split(' '),
]);

/** Names that are English words, if not so common: in an English text they need two cues, elsewhere one. */
export const englishWords: ReadonlySet<string> = new Set([
  ...'the crew,the times,the bird,the grid,the hub,the net,the division,the rec,the tread,the rack,my career,half life,mountain lion,snow leopard,silk road,just dance,2k,el capitan,mass effect,model 3,model y,meet up,lights out,no light,big red,street fighter,killing floor,perfect world,running water,water supply,tap water,water main,green bubbles,blue bubbles,animal crossing,party chat,packet loss,front door,the switch,lock screen,control center,software update,latest update,air drop,robin hood,social club,my park,true blue,spelling bee,natural selection,road runner,rock star,blue screen'.split(
    ',',
  ),
  ...(
    'lol box power sky wow american blue sky steam orange bird league meta connections square brown disney wind signal target jet teams ' +
    'mint exchange onion eve neo electric medium bell chase calendar origin safari smash rainbow nest battlefield vines bandwidth cod ' +
    'canvas duo alice nationwide inter felix pixel umbrella realm realms notion synapse tv internet wifi hydro edge world optimum ' +
    'frontier virgin sprint spectrum delta united monday apple windows rust ark halo destiny apex siege diablo legion vanguard cursor ' +
    'character stripe pandora tidal sling peacock discovery showtime starling wells tor bolt grab lime cricket visa slack zoom ' +
    'messenger twitch kraken rogers southwest booking fido bumble hinge workday audible indeed stitcher snowflake clever tesla ' +
    'chrome pokemon switch live hive reliance atlas segment sentry mars venus bell shaw cable one wave astound visible republic ' +
    'threads tweetdeck line box wise nu oi vodafone giant whole monster indeed glass door glassdoor patreon mega shell bp amazon prime ' +
    'fort disc aim dash lambda scrolls valve owl falcon riot excel tasker skins scanner lawn tokens taps val borderlands sheets dynamics arc ' +
    'publisher planner einstein vue warp comet trials skyline warehouse norton charter gemini dim slides rockstar vantage crossword hangout ' +
    'hangouts tuesdays ion sonoma yosemite monterey tahoe sparkle munch gram turk registry yarn finder thermostat gearbox paramount tails ' +
    'whisper sonar moto router ethernet falkenstein roubaix gravelines pager presale bookings spotlight provincial blackboard merrill converge lumen opus sonnet copilot ' +
    'confluence droplet seamless spanner waypoint breakpoint gist pockets mentari ingress reels stories pulse meetup mojave ventura sequoia ' +
    'mavericks catalina lynda lish expedient domino dasher chipotle peerless maestro bedrock mongo realm droid paperwhite pip proton scarlet ' +
    'skynet battlegrounds nectar tableau sirius connery daybreak pogo flix relic swoosh pandoras kinetic fizz helix jetpack cataclysm azeroth ' +
    'tumbler magenta uncarrier torchlight smarty supercharger cybertruck zooming virgins snaps streaks fantasy atlantis barracuda crunchy fruity ' +
    'acme onions chatty exo weasel weasels baboon circle eats devops pipelines tranquility of cc ff l3 circuits upstream keyboard nike blizzard halifax wii ' +
    'loopback bard sora codex playground shovel halo tele nova sparks vista meet drive gc dc lol visas speedy authenticator bhim optik wats ' +
    'simba bait total inter itau uber snap tag match plenty zoosk badoo happn coffee meets bagel meetup meet up alarm guardian'
  ).split(' '),
]);

/** Common words that are ordinary in the language of the service's home as well: `oi` greets in Brazil. */
export const ordinaryAtHome: ReadonlySet<string> = new Set(
  'oi vivo claro tre libero base une inter tele open personal simple direct mega net fiber fibra fibre kabel strom wasser agua luz gas'.split(
    ' ',
  ),
);

/** Services that others run on: beside another one they are where it fails, not what fails. */
export const platforms: ReadonlySet<string> = new Set([
  'apple-ios',
  'android',
  'macos',
  'windows',
  'google-chrome',
  'firefox',
  'safari',
  'edge',
  'chromecast',
  'roku',
  'fire-tv',
]);

/** Names of devices among the names of services that have other names too. */
export const deviceWords: ReadonlySet<string> = new Set(
  (
    'ps3,ps4,ps5,ps vita,psvita,playstation 3,playstation 4,playstation 5,playstation5,playstation4,xbox one,xbox 360,xbox series x,xbox series s,series x,' +
    'series s,x360,xb1,xboxes,nintendo switch,switch,apple tv,appletv,apple tv 4k,apple watch,homepod,amazon echo,echo dot,echo show,echo,' +
    'firestick,fire stick,fire tv,chromebook,chromebooks,플스,플스5,플스4'
  ).split(','),
);

/** Function words that show a text to be English. */
export const englishMarks: readonly string[] =
  "the,and,my,you,for,are,this,that,with,have,it's,i'm,your,what,when,of,been,they,i,we,our,me,from,not,he,she,his,her,their,has,had,would,will,just,there,how,why,who,people,under,into,some,any,because,really,even,since,anyone,isn't,don't,can't".split(
    ',',
  );

/** Function words that show a text to be in a language. */
export const languageMarks: readonly { language: string; marks: readonly string[] }[] = [
  {
    language: 'fr',
    marks:
      "une,des,les,est,pas,que,pour,avec,depuis,chez,vous,nous,j'ai,c'est,qui,ça,sur,mais,ma,mes,je,bonjour,bonsoir,merci,sans,quand,très,toujours,encore,et,du,aux,ne,plus,jours,semaines".split(
        ',',
      ),
  },
  {
    language: 'es',
    marks:
      'que,los,las,una,con,por,para,desde,está,pero,como,mi,el,nada,hoy,ayer,ya,qué,alguien,se,es,del,muy,porque,cuando,ahora,también'.split(
        ',',
      ),
  },
  {
    language: 'pt',
    marks:
      'não,nao,que,uma,com,em,desde,pra,meu,minha,está,tá,mas,como,aqui,hoje,ontem,alguém,vocês,foi,pelo,da,do,na,no'.split(
        ',',
      ),
  },
  { language: 'it', marks: 'che,non,una,con,per,sono,della,anche,oggi,ieri,qualcuno,è,mia,mio,ho,più,da'.split(',') },
  {
    language: 'de',
    marks: 'und,ist,nicht,bei,seit,auch,mit,ich,das,der,die,mein,euch,noch,wieder,kein,keine,hat,schon,im'.split(','),
  },
  { language: 'nl', marks: 'het,een,niet,bij,ook,ik,sinds,van,mijn,iemand,weer,geen,naar,nog,maar'.split(',') },
  { language: 'pl', marks: 'się,nie,jest,czy,od,mam,ktoś,też,dla,już,znowu,mnie,nic'.split(',') },
  { language: 'tr', marks: 'bir,mi,mı,ve,bu,için,var,yok,ne,da,de,çok,yine,neden,niye,beri,hala'.split(',') },
  {
    language: 'id',
    marks:
      'yang,yg,ini,dari,gak,nggak,ga,udah,aja,lagi,banget,di,kok,min,tidak,sudah,ada,nih,dong,sih,ke,gara,aku,gw,gue,mau,bisa,apa,kalo,sama,terus,juga'.split(
        ',',
      ),
  },
];

/** Short names that mean their service in some languages only, with those languages (bits by their place above). */
export const slang: ReadonlyMap<string, number> = new Map(
  Object.entries({
    id: 'wa,line,x,ig,fb,twt,tele,dc,yt',
    pt: 'zap,face,insta,dc,x,wpp,whats,ig,tt,yt,lol,cs,meet',
    es: 'face,wpp,wsp,x,dc,whats,insta,ig,wasap,lol,drive,meet,snap,tt',
    tr: 'face,insta,x,tt,dc,ig,lol,snap',
    fr: 'insta,snap,x,drive,lol',
    it: 'wa,x,insta,ig',
    de: 'insta,x,drive',
    nl: 'insta,x',
    pl: 'x,dc,fb,ig,lol',
  }).reduce<[string, number][]>((all, [language, names]) => {
    const bit = 1 << languageMarks.findIndex((l) => l.language === language);
    for (const name of names.split(',')) {
      const same = all.find(([known]) => known === name);
      if (same) same[1] |= bit;
      else all.push([name, bit]);
    }
    return all;
  }, []),
);
