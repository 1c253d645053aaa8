// GeoNames' admin codes -> ISO 3166-2: by code where they agree, else by name, else by the exceptions below.

interface IsoRegion {
  code: string;
  name: string;
  parent: string | null;
}

/** Countries whose GeoNames code of a level is the ISO code. */
const sameFirst = new Set(['US', 'CH', 'GB']);
const sameSecond = new Set(['FR', 'ES', 'IT', 'BE']);
/** Countries whose second level is taken where it can be told. */
const useSecond = new Set(['FR', 'ES', 'IT', 'BE', 'GB', 'IE', 'PH', 'UG', 'BD']);

/** Exceptions by country: `admin1=ISO` or `admin1.admin2=ISO`, without the country on either side. */
const exceptionLists: Record<string, string> = {
  AE: '07=UQ 05=RK 01=AZ 06=SH 03=DU 04=FU',
  AL: '50=11',
  AM: '11=ER 04=GR 07=SH 01=AG 10=VD 09=TV',
  AR: '07=C',
  AT: '07=7 03=3 09=9 06=6 04=4 02=2',
  BA: '01=BIH BRC=BRC',
  BD: '84=B 85=A',
  BE: 'VLG=VLG BRU=BRU WAL=WAL',
  BH: '16=13 17=14 19=17',
  BY: '05=MI 02=HO 07=VI 03=HR 01=BR 06=MA 04=HM',
  CD: '12=SK 11=NK 04=KE 08=BC',
  CL: '12=RM 08=LI 02=AI',
  CN: '14=XZ 13=XJ 16=GX 21=NX 20=NM',
  CO: '25=SAP 34=DC',
  CU: '02=03',
  CY: '04=01 05=02',
  CZ: '78=64 85=80 79=31 81=41 88=20 52=10 87=32',
  DE: '13=SN 07=NW 02=BY 14=ST 06=NI 05=HE 15=TH',
  DK: '18=82 21=83 17=84 20=85 19=81',
  DZ: '01=16',
  EG: '05=GH 12=KB 04=FYM 01=DK 09=MNF 24=SHG 18=BNS 21=KFS 03=BH 02=BA 23=KN 14=SHR 08=GZ 11=C 20=DT 19=PTS 15=SUZ 28=LX 13=WAD 07=IS 06=ALX 27=SIN 26=JS',
  ES: '51=AN 53=CN 56=CT 07=IB 54=CM 32=NC 55=CL 59=PV',
  ET: '46=AM 52=SO 50=HA 49=GA 44=AA',
  FI: '11=15 15=12 02=19 19=10 14=03 10=04 17=14 13=08 09=02 16=07 12=13',
  FR: '28=NOR 94=COR 53=BRE 75=NAQ 11.75=75',
  GR: 'ESYE31=I ESYE14=E ESYE25=J ESYE24=H ESYE43=M ESYE21=D ESYE23=G ESYE41=K ESYE42=L ESYE12=B ESYE11=A ESYE13=C ESYE22=F',
  HR: '20=01 21=21 19=13 18=16 17=10 16=05 15=17 02=12 11=11 14=03 13=15 12=08 04=18 10=14 06=06 03=19 09=20 01=07 05=04 07=02 08=09',
  HU: '06=CS',
  ID: '26=SU 07=JT 08=JI 30=JB 38=SN 18=NT 31=SA 29=MU 42=KU 40=KR 35=BB 32=SS 11=KB 17=NB 39=PB 24=SB 13=KT 14=KI 21=ST 41=SR 12=KS 22=SG 04=JK PD=PD PT=PT PE=PE PS=PS',
  IE: 'C=C',
  IL: '06=JM 02=M 03=Z 04=HA 01=D',
  IN: '01=AN',
  IQ: '08=DA 02=BA 15=NI 11=AR',
  IR: '05=17 42=09 01=04 33=03 43=28 03=14 28=10 16=12 41=29 04=11',
  IS: '40=6 39=1 41=4 38=7 42=8 43=2 45=3 44=4',
  IT: '15=82 13=75 09=25 14=88 19=23 16=52 12=21 10=57 02=77',
  JO: '16=AM 22=JA 12=AT 20=AJ 21=AQ',
  JP: '09=21 07=40 35=25 36=32 45=35 37=22 38=09 39=36 46=19 01=23 15=17 06=18 04=12 18=46 11=34 20=39 08=07',
  KE: '14=05',
  KG: '07=Y 01=GB',
  KR: '06=42 05=43 21=31 19=30 15=27 11=11 10=26 18=29 12=28 01=49 22=50',
  LB: '08=BI 09=AS 06=JA 04=BA 05=JL 07=NA 10=AK',
  LK: '36=1 34=3 38=4 37=5 33=9 32=6 29=2 35=8 30=7',
  LY: '77=TB',
  MA: '07=07 02=02',
  MX: '09=CMX 30=VER 16=MIC 07=COA',
  MY: '15=15 09=07 14=14 17=16',
  NG: '11=FC',
  NL: '11=ZH 07=NH 06=NB 02=FR',
  NO: '05=54 20=38 18=54 17=38 13=30 04=30 01=30',
  NP: '4=P4 7=P7 6=P6',
  NZ: 'G2=WGN F3=MWT',
  OM: '04=SJ 11=BS 08=ZU 06=MA 09=ZA 12=SS 02=BJ 10=BU',
  PE: '08=CUS',
  PK: '06=JK 03=KP 04=PB',
  PL: '78=14 75=06 81=20 77=12 74=10 80=18 85=28 83=24 86=30 72=02 76=08 82=22 87=32 79=16',
  PT: '14=11 10=30 23=20',
  QA: '06=RA 04=KH 01=DA 08=MS 13=ZA 14=SH',
  RO: '10=B',
  RU: '77=TVE 66=SPE 62=RYA 48=MOW 61=ROS 47=MOS 13=CHE 10=BRY 84=VGG 65=SAM 72=TAM 70=STA 41=KRS 23=KGD 27=KC 51=NIZ 57=PNZ 49=MUR 83=VLA 38=KDA 67=SAR 43=LIP 76=TUL 55=ORE 69=SMO 88=YAR 33=KIR 80=UD 86=VOR 85=VLG 37=KOS 68=SE 21=IVA 90=PER 60=PSK 09=BEL 52=NGR 08=BA 71=SVE 54=OMS 53=NVS 78=TYU 39=KYA 29=KEM 20=IRK 59=PRI 30=KHA 73=TA 16=CU 46=MO 45=ME 42=LEN 28=KR 06=ARK 25=KLU 56=ORL 07=AST 81=ULY 40=KGN 75=TOM 04=ALT 11=BU 63=SA 64=SAK 44=MAG 05=AMU 32=KHM 87=YAN 34=KO 12=CE 17=DA 19=IN 22=KB 24=KL 01=AD 03=AL 31=KK 79=TY 89=YEV 15=CHU 92=KAM 93=ZAB 50=NEN',
  SA: '05=03 15=08 14=02 06=04 08=05 10=01',
  SD: '61=DC 56=KN 29=KH 36=RS 41=NW 58=SI 53=NR 49=DS 43=NO 50=KS 42=NB 62=GK 47=DW 55=DN 60=DE',
  SE: '23=AC 14=BD 05=I 12=G 28=O 25=U 26=AB 08=F 06=N 24=Y 03=X 07=Z 18=D 16=E 10=W 22=S',
  SK: '05=PV 03=KI 01=BC 04=NI 08=ZI 07=TA 06=TC 02=BL',
  SY: '10=HM 09=HL 11=HI 06=DR 07=DY 02=LA 13=DI 04=RA 03=QU',
  TH: '79=39 28=31 34=16 40=10 61=82',
  TM: 'S=S',
  TN: '38=12',
  TZ: '25=15 13=06 21=11 20=10 22=07',
  UA: '21=59 05=14 26=23 01=71 15=46 10=35 07=63 27=18 23=05 04=12 19=56 17=51 11=43 25=21 16=48 24=07 08=65 22=61 14=09 09=68 02=74 18=53 06=26 03=77 12=30 13=32 20=40',
  KZ: '09=47 04=15 06=23 07=27 12=35 15=63 14=43 13=39 16=59',
  UZ: '09=QR 15=JI 02=BU 14=TO 03=FA 13=TK 01=AN',
  VE: '26=X 25=A',
  VN: '01=HN 79=SG',
  YE: '16=SN 19=AM 04=HD 02=AD 26=SA 28=SU',
  GB: 'ENG.GLA=LND ENG.B7=BST ENG.A7=BIR ENG.H3=LDS ENG.J3=NLN ENG.G6=KHL ENG.M6=SGC ENG.AA=BCP',
};
const exceptions: Record<string, string> = {};
for (const [country, list] of Object.entries(exceptionLists))
  for (const pair of list.split(' ')) {
    const [from, to] = pair.split('=') as [string, string];
    exceptions[`${country}.${from}`] = `${country}-${to}`;
  }

/** Overseas parts that GeoNames counts as countries and ISO as both. */
const overseas: Record<string, string> = { GP: 'FR-971', MQ: 'FR-972', GF: 'FR-973', RE: 'FR-974', YT: 'FR-976' };

const filler =
  /\b(state|province|provincia|provinz|provincie|region|regiao|departement|departamento|department|district|distrito|county|governorate|muhafazat|prefecture|city|and|borough|of|the|de|du|do|da|la|le|el|di|royal|metropolitan|capital|territory|autonomous|republic|oblast|kraj|voivodeship|municipality|division|parish|canton|council|al|ar|as|ash|ad|az|an|at|free|special|daerah|istimewa|khusus|ibukota|zone|hl|m|republika|respublika|kray|okrug|obl|kommune|fylke|lan|sheng|shi|zizhiqu|vilayati|viloyati|wilaya|judet|judetul|apskritis|novads|maakond|zupanija|oblys|oblysy|raion|metropolis)\b/g;

function plain(name: string): string {
  const folded = name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/ı/g, 'i')
    .replace(/ł/g, 'l')
    .replace(/ø/g, 'o')
    .replace(/đ/g, 'd')
    .replace(/ß/g, 'ss')
    .replace(/\[.*?\]|\(.*?\)/g, ' ')
    .replace(/['’‘`ʻʼ]/g, '')
    .replace(/[^a-z0-9]+/g, ' ');
  const short = folded.replace(filler, ' ').replace(/\s+/g, ' ').trim();
  return short || folded.trim();
}

/** Returns the function that maps GeoNames admin codes to the narrowest ISO code that is sure: at worst the country. */
export function isoOfAdmin(regions: IsoRegion[], admin1: Map<string, string>, admin2: Map<string, string>) {
  const byCode = new Map(regions.map((r) => [r.code, r]));
  const byName = new Map<string, string>();
  for (const r of regions) {
    const country = r.code.slice(0, 2);
    if (!r.code.includes('-')) continue;
    for (const part of [r.name, ...r.name.split(/[,/]| - /)]) {
      const key = `${country}|${plain(part)}`;
      if (!byName.has(key)) byName.set(key, r.code);
    }
  }
  const misses = new Map<string, Set<string>>();

  function find(
    country: string,
    key: string,
    name: string | undefined,
    last: string,
    same: boolean,
  ): string | undefined {
    if (exceptions[key]) {
      if (!byCode.has(exceptions[key]!)) throw new Error(`exception ${key}: ${exceptions[key]} is no ISO 3166-2 code`);
      return exceptions[key];
    }
    if (same && byCode.has(`${country}-${last}`)) return `${country}-${last}`;
    return name === undefined ? undefined : byName.get(`${country}|${plain(name)}`);
  }

  const map = (country: string, first: string, second: string): string => {
    if (overseas[country]) return overseas[country];
    if (second && useSecond.has(country)) {
      const key = `${country}.${first}.${second}`;
      const code = find(country, key, admin2.get(key), second, sameSecond.has(country));
      if (code) return code;
    }
    const key = `${country}.${first}`;
    const code = find(country, key, admin1.get(key), first, sameFirst.has(country));
    if (code) return code;
    if (first && first !== '00')
      misses.set(country, (misses.get(country) ?? new Set()).add(`${first}=${admin1.get(key)}`));
    return country;
  };
  map.unmapped = (): [string, string][] => [...misses].map(([country, names]) => [country, [...names].join('; ')]);
  return map;
}
