// What somebody may have meant by a misspelt word.
import editDistance from 'damerau-levenshtein';

/**
 * The words and ids nearest to a misspelt one, at most three of equal distance: within one slip for each four letters of
 * it, at least one, and two from four letters on. Swapped letters are one slip, and so is all that follows three letters.
 */
export function nearest(word: string, known: Iterable<string>): string[] {
  const wanted = word.toLowerCase();
  const slips = Math.max(wanted.length > 3 ? 2 : 1, Math.floor(wanted.length / 4));
  let best = slips;
  let found: string[] = [];
  for (const id of known) {
    const lower = id.toLowerCase();
    const begins = wanted.length > 2 && lower.startsWith(wanted);
    if (!begins && Math.abs(lower.length - wanted.length) > best) continue;
    const distance = begins ? 1 : editDistance(wanted, lower).steps;
    if (distance < best) found = [];
    if (distance > best) continue;
    best = distance;
    found.push(id);
  }
  return found.sort((a, b) => a.localeCompare(b)).slice(0, 3);
}
