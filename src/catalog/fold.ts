// Folding: one table that maps every UTF-16 unit to the form in which names are compared.

/** Ends a phrase: comma, bracket, line break, emoji and the like. */
export const breakUnit = 0;
/** Not there at all: combining marks, zero-width and direction marks, soft hyphen. */
export const ignoredUnit = 1;
/** May stand between two words of one name: space, hyphen, apostrophe, `&`, `.` ... */
export const jointUnit = 2;
/** Folded units from here on belong to scripts written without spaces (Thai, Han, kana) or with attached particles (Hangul). */
export const firstUnspaced = 0x0e00;

const joints = " \t\u00a0\u3000-\u2010\u2011_'\u2019\u02bc`&+./@#$*!\u30fb";
const ignored: [number, number][] = [
  [0x0300, 0x036f],
  [0x0591, 0x05bd],
  [0x05bf, 0x05c7],
  [0x0610, 0x061a],
  [0x0640, 0x0640],
  [0x093c, 0x093c],
  [0x09bc, 0x09bc],
  [0x064b, 0x065f],
  [0x0670, 0x0670],
  [0x06d6, 0x06ed],
  [0x00ad, 0x00ad],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x2069],
  [0x20d0, 0x20ff],
  [0x3099, 0x309a],
  [0xfe00, 0xfe0f],
  [0xfe20, 0xfe2f],
  [0xfeff, 0xfeff],
  [0xff9e, 0xff9f],
];
/** Letters that Unicode does not decompose, and spellings of one letter that people mix. */
const alike: Record<string, string> = {
  ı: 'i',
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ħ: 'h',
  æ: 'a',
  œ: 'o',
  ß: 's',
  ς: 'σ',
  ى: 'ي',
  ی: 'ي',
  ک: 'ك',
  ة: 'ه',
  ہ: 'ه',
  ٱ: 'ا',
};

function foldUnit(unit: number): number {
  // Han and Hangul stand for themselves (decomposed, Hangul syllables would fall apart); surrogates are emoji.
  if ((unit >= 0x3400 && unit <= 0x9fff) || (unit >= 0xac00 && unit <= 0xd7a3)) return unit;
  if (unit >= 0xd800 && unit <= 0xf8ff) return breakUnit;
  const char = String.fromCharCode(unit);
  if (ignored.some(([from, to]) => unit >= from && unit <= to)) return ignoredUnit;
  if (joints.includes(char)) return jointUnit;
  if (!/[\p{L}\p{N}\p{M}]/u.test(char)) return breakUnit;
  const base = char.normalize('NFKD').toLowerCase().normalize('NFD')[0] ?? char;
  return (alike[base] ?? base).charCodeAt(0);
}

/** Folded form of each UTF-16 unit: one of the three units above, or a lower-case base letter. */
export const foldTable: Uint16Array = Uint16Array.from({ length: 0x10000 }, (_, unit) => foldUnit(unit));

/** The folded letters and digits of a text without anything between them. */
export function foldLetters(text: string): string {
  let folded = '';
  for (let i = 0; i < text.length; i++) {
    const unit = foldTable[text.charCodeAt(i)]!;
    if (unit > jointUnit) folded += String.fromCharCode(unit);
  }
  return folded;
}
