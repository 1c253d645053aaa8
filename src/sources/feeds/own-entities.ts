// The entities that a document declares itself, put in within limits.

/** Characters that entities of a document's own may add to it; one within another is left as it is. */
const maxGrowth = 100_000;

/** Puts in the text of the entities that the document declares itself. */
export function withOwnEntities(text: string): string {
  const end = /^[^<]*(?:<\?[^>]*>\s*)?<!DOCTYPE\s[^[>]*\[([^\]]*)\]/i.exec(text.slice(0, 65_536));
  if (!end) return text;
  const own = new Map<string, string>();
  for (const [, name = '', , value = ''] of (end[1] as string).matchAll(/<!ENTITY\s+([\w.-]+)\s+(["'])(.*?)\2\s*>/gs))
    if (!/&(?!#)/.test(value)) own.set(name, value);
  if (own.size === 0) return text;
  let grown = 0;
  return text.replace(/&([\w.-]{1,64});/g, (whole, name: string) => {
    const value = own.get(name);
    if (value === undefined || grown + value.length > maxGrowth) return whole;
    grown += value.length;
    return value;
  });
}
