// One pass over a text: words, masks (<svc>, <url>, <err>, <dur>...), signs; offsets stay those of the text.
import type { Mention } from '../core/post.js';
import { DENSE, DIGIT, DROPPED, fold, folded, LETTER, OTHER, SPACE, unitClass } from './fold.js';
import { hashUnit, hashWord, seed } from './hash.js';
import { classMask, longestPrefixRowOf, mostPatterns, prefixRowOf, rowOf } from './vocabulary.js';

export const WORD = 0;
export const SVC = 1;
export const USER = 2;
export const URL_ = 3;
export const ERR = 4;
export const DUR = 5;
export const TIME = 6;
export const MONEY = 7;
export const NUM = 8;
const SIGN = 9;

const maxTokens = 600;
const maxUnits = 8192;
/** UTF-16 units that are read; what comes later in a longer text is left unread. */
const maxLength = 16_384;
/** Longest word that is kept; the rest of it is read past. */
const maxWord = 48;
const maxDense = 10;
/** Mentions of a post that are looked at; a longer list of names says nothing more. */
export const mostMentions = 32;

const mask = (name: string) => ({ hash: hashWord(`<${name}>`), row: rowOf(hashWord(`<${name}>`)) });
const svc = mask('svc');
const user = mask('user');
const url = mask('url');
const err = mask('err');
const dur = mask('dur');
const time = mask('time');
const money = mask('money');
const numbers = [mask('n1'), mask('n1'), mask('n2'), mask('n3'), mask('n4')];
const question = { hash: hashWord('?'), row: rowOf(hashWord('?')) };
const exclaim = { hash: hashWord('!'), row: rowOf(hashWord('!')) };
const dots = { hash: hashWord('..'), row: 0 };

const hashes = (words: string) => new Set(words.split(' ').map((w) => hashWord(fold(w))));
const errorWords = hashes(
  'error err code http status errorcode codigo código fehler fehlercode erreur codice errore kod hata foutcode kode エラー エラーコード 오류 에러 خطا كود eror błąd',
);
const durationUnits = hashes(
  's sec secs second seconds m min mins minute minutes minuten hr hrs hour hours day days week weeks month months heure heures jour jours semaine semaines mois hora horas dia dias dias minuto minutos semana semanas mes meses jam menit hari minggu bulan stunde stunden std tag tage tagen woche wochen monate uur uren dag dagen weken ore ora giorni giorno minuti settimane godzin godziny godzine godz dni minut tygodni saat saattir dakika dakikadir gun gundur hafta ساعه ساعات دقيقه دقايق دقائق ايام يوم ghante ghanta minute din घंटे घंटा मिनट दिन hafte 分 分前 時間 時間前 日 日間 週間 시간 시간째 분째 분 분간 일째 일 시간동안',
);
const timeUnits = hashes('am pm uhr h o clock wib wita est pst pt et gmt utc 時 시 hs hrs');
const moneyUnits = hashes(
  'usd eur euro euros pesos peso dollars dollar rb ribu juta ghc ghs reais euroa tl lira zl zloty rupees rs 円 원 ريال won yen pounds quid bucks',
);
const elided = hashes('l d j n c m s t qu un dell all nell dall sull quest quell com dov cos jusqu lorsqu puisqu');

const angry = new Set([...'😡😠🤬😤😒🙄😩😫😭😢☹🙁😞😔🤦💀😑😐👎😣😖😱🥲🫠🤡'].map((c) => c.codePointAt(0)));
const glad = new Set([...'😂🤣😍❤🥰😊😁🎉👍🙏😎🔥💯✨🥳😘💕😄😃😆🙌💜💙'].map((c) => c.codePointAt(0)));

/** Services without a name of their own. */
const generic = new Set(['power', 'internet', 'unknown']);

/** What one scan found; the arrays are reused by the next. */
export class Scan {
  n = 0;
  readonly kind = new Uint8Array(maxTokens);
  readonly hash = new Int32Array(maxTokens);
  /** Row of the vocabulary, 0 for none. */
  readonly row = new Int32Array(maxTokens);
  /** Lexicon classes, as bits. */
  readonly classes = new Int32Array(maxTokens);
  /** Offsets in the text; -1 in a title. */
  readonly from = new Int32Array(maxTokens);
  readonly to = new Int32Array(maxTokens);
  /** What stands before the token: 0 nothing, 1 a comma or bracket, 2 the end of a sentence. */
  readonly gap = new Uint8Array(maxTokens);
  /** True where a service is named by @handle. */
  readonly handle = new Uint8Array(maxTokens);
  /** Words and runs of dense script, as spans of `units`. */
  spans = 0;
  readonly spanFrom = new Int32Array(maxTokens);
  readonly spanTo = new Int32Array(maxTokens);
  readonly units = new Uint16Array(maxUnits);
  used = 0;
  /** Token of each mention, of the first `mostMentions`; -1 when it is not in the text. */
  readonly mentionToken = new Int32Array(mostMentions);
  letters = 0;
  capitals = 0;
  shouted = 0;
  exclaims = 0;
  questions = 0;
  hashtags = 0;
  angry = 0;
  glad = 0;
  /** Tokens of the title, which come first. */
  titleTokens = 0;
  /** Kept by `findPatterns`. */
  patterns = 0;
  readonly pattern = new Int32Array(mostPatterns);

  private pendingGap = 0;
  private inTitle = false;

  /** Reads a title (may be empty) and a text; mentions in order of place. */
  read(title: string, text: string, mentions: readonly Mention[]): void {
    this.n = this.spans = this.used = 0;
    this.letters = this.capitals = this.shouted = this.exclaims = this.questions = 0;
    this.hashtags = this.angry = this.glad = 0;
    this.pendingGap = 0;
    this.mentionToken.fill(-1);
    if (title !== '') {
      this.inTitle = true;
      this.scan(title, mentionsOfTitle(title, mentions), false);
      this.pendingGap = 2;
      this.inTitle = false;
    }
    this.titleTokens = this.n;
    this.scan(text, mentions, true);
  }

  private push(kind: number, hash: number, row: number, from: number, to: number): void {
    if (this.n === maxTokens) return;
    const n = this.n++;
    this.kind[n] = kind;
    this.hash[n] = hash;
    this.row[n] = row;
    this.classes[n] = classMask[row] as number;
    this.from[n] = this.inTitle ? -1 : from;
    this.to[n] = this.inTitle ? -1 : to;
    this.gap[n] = this.pendingGap;
    this.handle[n] = 0;
    this.pendingGap = 0;
  }

  private scan(text: string, mentions: readonly Mention[], record: boolean): void {
    const end = Math.min(text.length, maxLength);
    let next = 0;
    let i = 0;
    while (i < end && this.n < maxTokens && this.used < maxUnits - 2 * maxWord) {
      while (next < mentions.length && (mentions[next] as Mention).start < i) {
        const m = mentions[next] as Mention;
        if (record && m.start >= 0 && this.n > 0) this.mentionToken[next] = this.n - 1;
        next++;
      }
      const unit = text.charCodeAt(i);
      const mention = next < mentions.length ? (mentions[next] as Mention) : null;
      const marked = unit === 64 || unit === 35 || unit === 0xff03 || unit === 0xff20;
      const begins = mention !== null && (mention.start === i || (marked && mention.start === i + 1));
      if (begins && generic.has(mention.service)) {
        // "Power outage" says what fails and how: its words are read like any others.
        if (mention.start === i) {
          if (record) this.mentionToken[next] = Math.min(this.n, maxTokens - 1);
          next++;
          continue;
        }
      } else if (begins && mention.end > i) {
        const isHandle = unit === 64 || unit === 0xff20;
        if (unit === 35) this.hashtags++;
        let to = Math.min(mention.end, end);
        if (isHandle) while (to < end && isHandleUnit(text.charCodeAt(to))) to++;
        this.push(SVC, svc.hash, svc.row, i, to);
        this.handle[this.n - 1] = isHandle ? 1 : 0;
        if (record) this.mentionToken[next] = this.n - 1;
        next++;
        i = to;
        continue;
      }
      const cls = unitClass[unit] as number;
      if (cls === SPACE) {
        if (unit === 10) this.pendingGap = 2;
        i++;
      } else if (cls === DROPPED) {
        i = unit >= 0xd800 && unit <= 0xdfff ? this.symbol(text, i) : i + 1;
      } else if (cls === LETTER) {
        if (isUrl(text, i)) {
          let to = i;
          while (to < end && unitClass[text.charCodeAt(to)] !== SPACE) to++;
          this.push(URL_, url.hash, url.row, i, to);
          i = to;
        } else i = this.word(text, i, mention ? mention.start : end);
      } else if (cls === DENSE) {
        i = this.run(text, i, mention ? mention.start : end);
      } else if (cls === DIGIT) {
        i = this.number(text, i, mention ? mention.start : end);
      } else i = this.sign(text, i, folded[unit] as number);
    }
    for (; record && next < mentions.length; next++)
      if ((mentions[next] as Mention).start >= 0 && (mentions[next] as Mention).start < i && this.n > 0)
        this.mentionToken[next] = this.n - 1;
  }

  /** A word of letters (digits and one inner apostrophe or mark may stand within). */
  private word(text: string, start: number, stop: number): number {
    const units = this.units;
    const from = this.used;
    let i = start;
    let used = from;
    let hash = seed;
    let slim = seed;
    let last = 0;
    let repeats = 0;
    let long = false;
    let capitals = 0;
    for (; i < stop; i++) {
      const unit = text.charCodeAt(i);
      const cls = unitClass[unit] as number;
      const f = folded[unit] as number;
      if (cls === DROPPED && !(unit >= 0xd800 && unit <= 0xdfff)) continue;
      if (cls === LETTER || cls === DIGIT || (unit === 95 && used > from)) {
        if (unit >= 65 && unit <= 90) capitals++;
        if (f === last) repeats++;
        else repeats = 0;
        last = f;
        if (repeats >= 2) long = true;
        if (repeats < 3 && used - from < maxWord) {
          units[used++] = f;
          hash = hashUnit(hash, f);
        }
        if (repeats === 0 && used - from < maxWord) slim = hashUnit(slim, f);
      } else if (f === 39 && i > start && i + 1 < stop && unitClass[text.charCodeAt(i + 1)] === LETTER) {
        if (elided.has(hash)) break;
      } else break;
    }
    this.letters += i - start;
    this.capitals += capitals;
    if (capitals > 2 && capitals >= used - from) this.shouted++;
    // CE-34878-0, UI-800: capitals, a hyphen, digits.
    if (capitals === used - from && capitals <= 4 && text.charCodeAt(i) === 45) {
      let to = i + 1;
      let digits = 0;
      while (to < stop && (isDigit(text.charCodeAt(to)) || text.charCodeAt(to) === 45)) {
        if (isDigit(text.charCodeAt(to))) digits++;
        to++;
      }
      if (digits >= 3 || (digits === 2 && this.n > 0 && errorWords.has(this.hash[this.n - 1] as number))) {
        this.push(ERR, err.hash, err.row, start, to);
        return to;
      }
    }
    const previous = this.n - 1;
    if (previous >= 0 && this.gap[this.n] !== 2 && this.pendingGap === 0 && this.kind[previous] === NUM) {
      const as = durationUnits.has(hash) ? DUR : timeUnits.has(hash) ? TIME : moneyUnits.has(hash) ? MONEY : -1;
      if (as !== -1) {
        this.remask(previous, as, i);
        return i;
      }
      if (errorWords.has(hash)) this.remask(previous, ERR, this.to[previous] as number);
    }
    let row = rowOf(hash);
    if (row === 0 && long) row = rowOf(slim);
    if (row === 0) row = longestPrefixRowOf(units, from, used);
    this.used = used;
    this.spanFrom[this.spans] = from;
    this.spanTo[this.spans++] = used;
    this.push(WORD, hash, row, start, i);
    return i === start ? i + 1 : text.charCodeAt(i) === 39 || folded[text.charCodeAt(i)] === 39 ? i + 1 : i;
  }

  /** Script without spaces: the longest known words, single characters between them. */
  private run(text: string, start: number, stop: number): number {
    const units = this.units;
    const from = this.used;
    let i = start;
    while (i < stop && this.used - from < 400 && this.used < maxUnits - 2) {
      const unit = text.charCodeAt(i);
      const cls = unitClass[unit];
      if (cls !== DENSE) break;
      units[this.used++] = folded[unit] as number;
      i++;
    }
    this.spanFrom[this.spans] = from;
    this.spanTo[this.spans++] = this.used;
    for (let at = from; at < this.used && this.n < maxTokens; ) {
      let hash = seed;
      let best = 0;
      let bestTo = at + 1;
      let bestHash = 0;
      let begins = false;
      for (let to = at; to < this.used && to < at + maxDense; to++) {
        hash = hashUnit(hash, units[to] as number);
        if (to === at) bestHash = hash;
        let row = rowOf(hash);
        begins = begins || prefixRowOf(hash) !== 0;
        // What follows a known beginning belongs to it.
        if (row === 0 && to > at && begins) row = best;
        if (row !== 0) {
          best = row;
          bestTo = to + 1;
          bestHash = hash;
        }
      }
      if (best === 0) {
        // A run of katakana is one word.
        let to = at;
        while (to < this.used && isKatakana(units[to] as number)) to++;
        if (to > at + 1) {
          bestTo = to;
          bestHash = seed;
          for (let k = at; k < to; k++) bestHash = hashUnit(bestHash, units[k] as number);
        }
      }
      const previous = this.n - 1;
      if (at === from && previous >= 0 && this.kind[previous] === NUM && this.pendingGap === 0) {
        let as = -1;
        let h = seed;
        for (let k = at; k < Math.min(at + 3, this.used); k++) {
          h = hashUnit(h, units[k] as number);
          if (durationUnits.has(h) || timeUnits.has(h) || moneyUnits.has(h)) {
            as = durationUnits.has(h) ? DUR : timeUnits.has(h) ? TIME : MONEY;
            bestTo = k + 1;
          }
        }
        if (as !== -1) {
          this.remask(previous, as, start + bestTo - from);
          at = bestTo;
          continue;
        }
      }
      this.push(WORD, bestHash, best, start + at - from, start + bestTo - from);
      at = bestTo;
    }
    return i;
  }

  private number(text: string, start: number, stop: number): number {
    let i = start;
    let digits = 0;
    let value = 0;
    let colon = false;
    let plain = true;
    while (i < stop) {
      const unit = text.charCodeAt(i);
      if (unitClass[unit] === DIGIT) {
        digits++;
        if (digits <= 6) value = value * 10 + (folded[unit] as number) - 48;
      } else if ((unit === 46 || unit === 44 || unit === 58 || unit === 47) && isDigit(text.charCodeAt(i + 1))) {
        if (unit === 58) colon = true;
        plain = false;
      } else break;
      i++;
    }
    const previous = this.n - 1;
    const afterError = previous >= 0 && this.pendingGap < 2 && errorWords.has(this.hash[previous] as number);
    if (digits === 1 && value === 0 && (text[i] === 'x' || text[i] === 'X')) {
      let to = i + 1;
      while (to < stop && isHex(text.charCodeAt(to))) to++;
      if (to - i > 4) {
        this.push(ERR, err.hash, err.row, start, to);
        return to;
      }
    }
    if (colon && digits >= 3 && digits <= 6) this.push(TIME, time.hash, time.row, start, i);
    else if (plain && digits >= 2 && (afterError || isStatusCode(value, digits)))
      this.push(ERR, err.hash, err.row, start, i);
    else if (isMoneySign(text.charCodeAt(start - 1)) || isMoneySign(text.charCodeAt(i)))
      this.push(MONEY, money.hash, money.row, start, i);
    else {
      const m = numbers[Math.min(4, digits)] as { hash: number; row: number };
      // 4g, 2fa, 5xx: digits that begin a word.
      if (plain && digits <= 3 && i < stop && unitClass[text.charCodeAt(i)] === LETTER) {
        const n = this.n;
        const to = this.word(text, start, stop);
        if (this.n > n) {
          const tail = this.tailHash(text, i, to);
          if (durationUnits.has(tail)) this.remask(n, DUR, to);
          else if (timeUnits.has(tail)) this.remask(n, TIME, to);
        }
        return to;
      }
      this.push(NUM, m.hash, m.row, start, i);
      if (previous >= 0 && afterError) this.remask(this.n - 1, ERR, i);
    }
    return i;
  }

  private tailHash(text: string, from: number, to: number): number {
    let hash = seed;
    for (let k = from; k < to && k < from + 12; k++) hash = hashUnit(hash, folded[text.charCodeAt(k)] as number);
    return hash;
  }

  private remask(at: number, kind: number, to: number): void {
    if (at >= this.n) return;
    const m = kind === DUR ? dur : kind === TIME ? time : kind === MONEY ? money : err;
    this.kind[at] = kind;
    this.hash[at] = m.hash;
    this.row[at] = m.row;
    this.classes[at] = classMask[m.row] as number;
    if (!this.inTitle) this.to[at] = to;
  }

  private sign(text: string, start: number, f: number): number {
    let i = start + 1;
    if (f === 63 || f === 33 || f === 0xbf || f === 0xa1) {
      let asks = f === 63;
      if (f === 0xbf || f === 0xa1) return i;
      while (i < text.length) {
        const g = folded[text.charCodeAt(i)];
        if (g !== 63 && g !== 33) break;
        if (g === 63) asks = true;
        i++;
      }
      if (asks) this.questions++;
      else this.exclaims += i - start;
      const m = asks ? question : exclaim;
      this.push(SIGN, m.hash, m.row, start, i);
      this.pendingGap = 2;
      return i;
    }
    if (f === 46) {
      while (i < text.length && folded[text.charCodeAt(i)] === 46) i++;
      if (i - start > 1) this.push(SIGN, dots.hash, dots.row, start, i);
      this.pendingGap = 2;
      return i;
    }
    if (f === 0x2026) {
      this.push(SIGN, dots.hash, dots.row, start, i);
      this.pendingGap = 2;
      return i;
    }
    if (f === 64 && i < text.length && isHandleUnit(text.charCodeAt(i))) {
      while (i < text.length && isHandleUnit(text.charCodeAt(i))) i++;
      this.push(USER, user.hash, user.row, start, i);
      return i;
    }
    if (
      f === 44 ||
      f === 59 ||
      f === 58 ||
      f === 40 ||
      f === 41 ||
      f === 34 ||
      f === 47 ||
      f === 45 ||
      f === 0x2013 ||
      f === 0x2014
    ) {
      if (this.pendingGap === 0 && f !== 45 && f !== 47 && f !== 34) this.pendingGap = 1;
      return i;
    }
    if (f === 35) this.hashtags++;
    if (f === 35 || f > 127) this.push(SIGN, hashUnit(seed, f), 0, start, i);
    if (angry.has(f)) this.angry++;
    if (glad.has(f)) this.glad++;
    return i;
  }

  /** A character outside the BMP: emoji, or styled letters that stand for plain ones. */
  private symbol(text: string, start: number): number {
    const code = text.codePointAt(start) as number;
    if (code < 0x10000) return start + 1;
    if ((code >= 0x1f3fb && code <= 0x1f3ff) || code >= 0xe0000) return start + 2;
    if (code >= 0x1d400 && code <= 0x1d7ff) return this.styled(text, start);
    this.push(SIGN, hashUnit(hashUnit(seed, code >>> 16), code & 0xffff), 0, start, start + 2);
    if (angry.has(code)) this.angry++;
    if (glad.has(code)) this.glad++;
    return start + 2;
  }

  private styled(text: string, start: number): number {
    let i = start;
    const from = this.used;
    let hash = seed;
    while (i < text.length && this.used - from < maxWord) {
      const code = text.codePointAt(i) as number;
      if (code < 0x1d400 || code > 0x1d7ff) break;
      const f = folded[String.fromCodePoint(code).normalize('NFKC').charCodeAt(0)] as number;
      this.units[this.used++] = f;
      hash = hashUnit(hash, f);
      i += 2;
    }
    this.spanFrom[this.spans] = from;
    this.spanTo[this.spans++] = this.used;
    this.push(WORD, hash, rowOf(hash), start, i);
    return i;
  }
}

/** Mentions of the context, found again in the title by their words. */
function mentionsOfTitle(title: string, mentions: readonly Mention[]): Mention[] {
  const lower = title.toLowerCase();
  const found: Mention[] = [];
  for (const m of mentions) {
    if (m.start >= 0 || m.words === '') continue;
    const start = lower.indexOf(m.words.toLowerCase());
    if (start >= 0 && lower.length === title.length) found.push({ ...m, start, end: start + m.words.length });
  }
  return found.sort((a, b) => a.start - b.start);
}

function isUrl(text: string, i: number): boolean {
  const c = text.charCodeAt(i) | 32;
  if (c === 104)
    return (
      text.startsWith('http://', i) ||
      text.startsWith('https://', i) ||
      (text.startsWith('Http', i) && text.startsWith('://', i + 4 + (text[i + 4] === 's' ? 1 : 0)))
    );
  return c === 119 && text.startsWith('www.', i);
}
function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}
function isHex(unit: number): boolean {
  return isDigit(unit) || ((unit | 32) >= 97 && (unit | 32) <= 102);
}
function isHandleUnit(unit: number): boolean {
  const cls = unitClass[unit];
  return cls === LETTER || cls === DIGIT || cls === DENSE || unit === 95 || (cls === OTHER && unit === 45);
}
function isKatakana(unit: number): boolean {
  return unit >= 0x30a0 && unit <= 0x30ff;
}
function isMoneySign(unit: number): boolean {
  return unit === 36 || unit === 0x20ac || unit === 0xa3 || unit === 0xa5 || unit === 0x20b9 || unit === 0x20ba;
}
function isStatusCode(value: number, digits: number): boolean {
  return (
    digits === 3 &&
    (value === 403 ||
      value === 404 ||
      value === 408 ||
      value === 429 ||
      (value >= 501 && value <= 504) ||
      (value >= 520 && value <= 526))
  );
}
