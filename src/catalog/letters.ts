// What each UTF-16 unit is as a letter: whether it is one, has a small and a large form, and which of them it is.

/** A letter; not small (`lower case changes it`); has two forms; a capital and a small letter by Unicode; white space. */
export const LETTER = 1;
export const LARGE = 2;
export const CASED = 4;
export const UPPER = 8;
export const LOWER = 16;
export const SPACE = 32;

function kindOf(unit: number): number {
  // Han and Hangul, half of all units, have no case.
  if ((unit >= 0x3400 && unit < 0x4dc0) || (unit >= 0x4e00 && unit < 0xa000) || (unit >= 0xac00 && unit <= 0xd7a3))
    return LETTER;
  if (unit >= 0xd800 && unit <= 0xf8ff) return 0;
  const char = String.fromCharCode(unit);
  const small = char.toLowerCase();
  return (
    (/\p{L}/u.test(char) ? LETTER : 0) |
    (char !== small ? LARGE : 0) |
    (small !== char.toUpperCase() ? CASED : 0) |
    (/\p{Lu}/u.test(char) ? UPPER : 0) |
    (/\p{Ll}/u.test(char) ? LOWER : 0) |
    (/\s/.test(char) ? SPACE : 0)
  );
}

/** Kind of each unit; halves of letters outside the basic plane are none. */
export const letterKinds: Uint8Array = Uint8Array.from({ length: 0x10000 }, (_, unit) => kindOf(unit));
