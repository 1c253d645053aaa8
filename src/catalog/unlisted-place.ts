// Names of places that we do not know, by what stands around them.

const anyOf = (words: string): string => words.trim().split(/\s+/).join('|');

const months = 'January February March April May June July August September October November December';
const days = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday';
/** A name of capitals, none of which begins a word that is no place; bounded, so that the time stays linear in the text. */
const capitals = "\\p{Lu}[\\p{L}'’-]{2,20}";
const more = '{0,5}';
const noPlace = `(?!(?:${anyOf(`Th My Your Our Any Power Electric Major Massive Huge Widespread Another ${months} ${days}`)})\\w*\\b)`;
const prepositions = 'in near around en sector urb urbanización à sur quartier bei w we di daerah em';
const placesBehind =
  'area suburb neighbou?rhood village town township estate phase outages? blackout St Street Ave Avenue Rd Road Dr Drive Blvd Lane';
/** What fails, behind which a place may be written small, and words there that are none. */
const cuts = 'outage power electricity blackout lights? water luz electricidad loadshedding';
const noPlaceSmall =
  'my the our your this that an? all some most over about less more order case fact general need progress hours? days? home house ' +
  'work least once el la las los mi todo toda un una este esta estos';

const named = new RegExp(
  [
    `(?<![\\w@#])(?:${anyOf(prepositions)}|no bairro)(?: (?:the|el|la|los|whole of))* (?<behind>${noPlace}${capitals}(?: ${capitals})${more})`,
    `(?<![\\w@#])(?<before>${noPlace}${capitals}(?:[ /]${capitals})${more}) (?:${anyOf(placesBehind)})\\b`,
    `(?:${anyOf(cuts)}) (?:in|around|near|at|en) (?!(?:${anyOf(noPlaceSmall)})\\b)(?<small>\\p{L}{4,})`,
  ].join('|'),
  'gu',
);

/** The first name that stands where places stand and is no service: behind a preposition, as a street, before `area`. */
export function unlistedPlace(text: string, mentions: readonly { start: number; end: number }[]): string | null {
  for (const { index, groups } of text.matchAll(named)) {
    const words = groups?.behind ?? groups?.before ?? groups?.small ?? '';
    const start = text.indexOf(words, index);
    if (!mentions.some((m) => m.start < start + words.length && start < m.end)) return words;
  }
  return null;
}
