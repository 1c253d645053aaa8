// Folding of UTF-16 units to the form that words are compared in: lower case, no accents, full width made narrow.

export const OTHER = 0;
export const LETTER = 1;
export const DIGIT = 2;
/** Scripts written without spaces: Han, kana, Thai, Lao, Khmer, Burmese. */
export const DENSE = 3;
export const SPACE = 4;
/** Marks and invisible characters that are skipped as if absent. */
export const DROPPED = 5;

/** Folded unit by unit; 0 for dropped ones. */
export const folded = new Uint16Array(65536);
/** Class by unit. */
export const unitClass = new Uint8Array(65536);

const special: Record<string, string> = {
  '’': "'",
  '‘': "'",
  '`': "'",
  '´': "'",
  ʼ: "'",
  '“': '"',
  '”': '"',
  ı: 'i',
  İ: 'i',
  ł: 'l',
  Ł: 'l',
  ø: 'o',
  Ø: 'o',
  đ: 'd',
  Đ: 'd',
  ß: 's',
  æ: 'a',
  أ: 'ا',
  إ: 'ا',
  آ: 'ا',
  ٱ: 'ا',
  ة: 'ه',
  ى: 'ي',
  ی: 'ي',
  ک: 'ك',
  '。': '.',
  '、': ',',
  '،': ',',
  '؟': '?',
  '।': '.',
};
const dense = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}ー々]/u;
const letter = /[\p{L}\p{M}]/u;
const digit = /\p{Nd}/u;
const invisible = /[\p{Cc}\p{Cf}\p{Mn}\p{Cs}\u0640\u3164]/u;
const space = /\s/;
/** Vowel signs and the like that belong to the word in their script (Devanagari, Thai) and may not be dropped. */
const keptMark = /[\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3099\u309a]/u;

let zero = 0;
for (let u = 0; u < 65536; u++) {
  const raw = String.fromCharCode(u);
  if (u >= 0xac00 && u <= 0xd7a3) {
    folded[u] = u;
    unitClass[u] = LETTER;
    continue;
  }
  if (u >= 0x4e00 && u <= 0x9fff) {
    folded[u] = u;
    unitClass[u] = DENSE;
    continue;
  }
  if (space.test(raw)) {
    folded[u] = 32;
    unitClass[u] = SPACE;
    continue;
  }
  if (invisible.test(raw) && !keptMark.test(raw)) {
    unitClass[u] = DROPPED;
    continue;
  }
  if (digit.test(raw)) {
    // Digits of every script come in runs of ten from their zero.
    if (!digit.test(String.fromCharCode(u - 1)) || u - zero === 10) zero = u;
    folded[u] = 48 + (u - zero);
    unitClass[u] = DIGIT;
    continue;
  }
  let form = special[raw] ?? raw.normalize('NFKC').toLowerCase();
  if (/^[\p{sc=Latin}\p{sc=Greek}]/u.test(form)) form = form.normalize('NFD').charAt(0);
  form = special[form] ?? form;
  if (form.length !== 1) form = raw;
  folded[u] = form.charCodeAt(0);
  unitClass[u] = dense.test(form) ? DENSE : letter.test(form) ? LETTER : digit.test(form) ? DIGIT : OTHER;
}

/** A text in folded form, the way the scanner sees its words. */
export function fold(text: string): string {
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unitClass[unit] !== DROPPED) out += String.fromCharCode(folded[unit]!);
  }
  return out;
}
