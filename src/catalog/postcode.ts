// Postcode -> region: French departments by number, American states by ZIP code, British postcode areas.
import type { Location } from '../core/post.js';

/** Two-letter codes of the states, as people write them. */
export const usStates =
  'AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC';

/** First three digits of ZIP codes, each range up to the number before the state. */
const zipRanges: [last: number, state: string][] = [
  [4, ''],
  [5, 'NY'],
  [9, ''],
  [27, 'MA'],
  [29, 'RI'],
  [38, 'NH'],
  [49, 'ME'],
  [59, 'VT'],
  [69, 'CT'],
  [89, 'NJ'],
  [99, ''],
  [149, 'NY'],
  [196, 'PA'],
  [199, 'DE'],
  [205, 'DC'],
  [219, 'MD'],
  [246, 'VA'],
  [268, 'WV'],
  [289, 'NC'],
  [299, 'SC'],
  [319, 'GA'],
  [349, 'FL'],
  [369, 'AL'],
  [385, 'TN'],
  [397, 'MS'],
  [399, 'GA'],
  [427, 'KY'],
  [459, 'OH'],
  [479, 'IN'],
  [499, 'MI'],
  [528, 'IA'],
  [549, 'WI'],
  [567, 'MN'],
  [577, 'SD'],
  [588, 'ND'],
  [599, 'MT'],
  [629, 'IL'],
  [658, 'MO'],
  [679, 'KS'],
  [693, 'NE'],
  [714, 'LA'],
  [729, 'AR'],
  [749, 'OK'],
  [799, 'TX'],
  [816, 'CO'],
  [831, 'WY'],
  [838, 'ID'],
  [847, 'UT'],
  [865, 'AZ'],
  [884, 'NM'],
  [898, 'NV'],
  [961, 'CA'],
  [968, 'HI'],
  [979, 'OR'],
  [994, 'WA'],
  [999, 'AK'],
];

/** Postcode areas by region, as far as an area lies mostly in one. */
const britishAreas = new Map(
  Object.entries({
    'GB-LND': 'E EC N NW SE SW W WC BR CR EN HA IG KT RM SM TW UB',
    'GB-BIR': 'B',
    'GB-BST': 'BS',
    'GB-LDS': 'LS',
    'GB-LIV': 'L',
    'GB-MAN': 'M',
    'GB-SHF': 'S',
    'GB-NET': 'NE',
    'GB-BOL': 'BL',
    'GB-BRD': 'BD',
    'GB-CLD': 'HX',
    'GB-KIR': 'HD',
    'GB-WKF': 'WF',
    'GB-LCE': 'LE',
    'GB-NGM': 'NG',
    'GB-STE': 'ST',
    'GB-KHL': 'HU',
    'GB-KEN': 'ME CT TN DA',
    'GB-ESS': 'CM CO',
    'GB-NFK': 'NR',
    'GB-STH': 'SO',
    'GB-POR': 'PO',
    'GB-BNH': 'BN',
    'GB-PLY': 'PL',
    'GB-RDG': 'RG',
    'GB-MIK': 'MK',
    'GB-COV': 'CV',
    'GB-WLV': 'WV',
    'GB-DER': 'DE',
    'GB-GLG': 'G',
    'GB-EDH': 'EH',
    'GB-ABE': 'AB',
    'GB-DND': 'DD',
    'GB-PKN': 'PH',
    'GB-FIF': 'KY',
    'GB-HLD': 'IV',
    'GB-DGY': 'DG',
    'GB-CRF': 'CF',
    'GB-SWA': 'SA',
    'GB-NWP': 'NP',
    'GB-NIR': 'BT',
    'GB-SND': 'SR',
    'GB-DUR': 'DH DL',
    'GB-YOR': 'YO',
    'GB-CON': 'TR',
    'GB-DEV': 'EX TQ',
    'GB-SOM': 'TA BA',
    'GB-GLS': 'GL',
    'GB-OXF': 'OX',
    'GB-CAM': 'CB PE',
    'GB-SFK': 'IP',
    'GB-LIN': 'LN',
    'GB-ENG': 'NN CA',
    'GB-WOR': 'WR',
    'GB-HEF': 'HR',
    'GB-SHR': 'SY TF',
    'GB-LAN': 'BB PR LA',
    'GB-WGN': 'WN',
    'GB-OLD': 'OL',
    'GB-SKP': 'SK',
    'GB-WRT': 'WA',
    'GB-WRL': 'CH',
    'GB-DNC': 'DN',
    'GB-DUD': 'DY',
    'GB-WLL': 'WS',
    'GB-SLG': 'SL',
    'GB-SWD': 'SN',
    'GB-WIL': 'SP',
    'GB-DOR': 'DT',
    'GB-BCP': 'BH',
    'GB-SRY': 'GU RH',
    'GB-HRT': 'AL SG WD',
    'GB-LUT': 'LU',
    'GB-BKM': 'HP',
    'GB-SOS': 'SS',
    'GB-BPL': 'FY',
    'GB-NYK': 'HG',
    'GB-MDB': 'TS',
    'GB-WLS': 'LL LD',
    'GB-SCB': 'TD',
    'GB-SLK': 'ML FK',
    'GB-ERW': 'PA KA',
  }).flatMap(([region, areas]) => areas.split(' ').map((area): [string, string] => [area, region])),
);

/** Region of a British postcode: a whole one, or its first half in the right words (`SE15`, `postcode LS6`). */
function british(text: string): Location | null {
  if (!/[A-Z]\d/.test(text)) return null;
  const m =
    /(?<![\w@#/.-])([A-Z]{1,2})\d{1,2}[A-Z]? ?\d[ABD-HJLNP-UW-Z]{2}(?!\w)/.exec(text) ??
    /(?:\b(?:in|from|postcodes?|post ?code|around|near|at|for|area) |@\w+ |^)([A-Z]{2})\d{1,2}[A-Z]?(?![\w-])/.exec(
      text,
    ) ??
    /(?<![\w@#/.-])([A-Z]{1,2})\d{1,2}[A-Z]?(?= (?:area|postcode|post code)\b)/.exec(text);
  const region = m && !/^EC2$/.test(m[0].trim().split(' ').at(-1)!) ? britishAreas.get(m[1]!) : undefined;
  return m && region ? { region, words: m[0].trim() } : null;
}

/** Region of a French department's number or postcode, of an American ZIP code or of a British postcode, when the text holds one in the right words. */
export function postcode(text: string, lang: string | null): Location | null {
  if (!/\d/.test(text)) return null;
  if (lang?.startsWith('fr')) {
    // `dans le 34`, `le 93`: numbers up to 31 after `le` are dates.
    const spoken =
      /(?:^|[\s(,])(?:dans|sur|du|d[ée]partement|d[ée]pt?)\s(?:le\s)?(\d\d)(?![\d/hH:€%]|[.,]\d|\s?(?:h\b|€|jours?|heures?|min|ans|mois|mb|go))/i.exec(
        text,
      );
    const plain = /(?:^|\s)le\s(3[2-9]|[4-8]\d|9[0-5])(?![\d/hH:€%])/i.exec(text);
    const full = /(?<![\d.,@+-])(0[1-9]|[1-8]\d|9[0-5])\d{3}(?!\d|[.,]\d|[@%]|\s?€)/.exec(text);
    const bracketed = /\s\((0[1-9]|[1-8]\d|9[0-5])\)/.exec(text);
    for (const m of [spoken, plain, full, bracketed])
      if (m && Number(m[1]) > 0 && Number(m[1]) <= 95 && m[1] !== '20')
        return { region: `FR-${m[1]}`, words: m[0].trim() };
    return null;
  }
  if (lang && !lang.startsWith('en')) return null;
  const code = british(text);
  if (code || !/\d{5}/.test(text)) return code;
  const behind = /(?<![\d.,#-])(\d{3})\d\d(?= (?:area|zip|dark|is out|is down|out\b|outage))/.exec(text);
  const zip =
    behind ??
    /(?:\b(?:in|zip|zipcode|code|area|near|for|of|around|[A-Z]{2}|[A-Z][a-z]{3,})[:,]?\s)(\d{3})\d\d(?![\d.,]\d|\d| ?(?:people|customers|users|homes|feet|miles|points|followers))/.exec(
      text,
    );
  if (!zip || (zip !== behind && !/\b(?:in|zip|code|area|outage|out)\b/i.test(text))) return null;
  const state = zipRanges.find(([last]) => Number(zip[1]) <= last)?.[1];
  return state ? { region: `US-${state}`, words: zip[0].trim() } : null;
}
