// The simplest rule that could work: a service and a word for failing. The first line that the model has to beat.

const words =
  /\b(?:down|outage|offline|not working|isn'?t working|broken|crash(?:ed|es|ing)?|error|can'?t (?:log ?in|connect|access)|no (?:internet|service|signal)|server issues?|anyone else|ca[ií]d[oa]|no funciona|panne|ne marche pas|gangguan|error|st[oö]rung|storing|awaria|çöktü|fora do ar|障害|落ち|장애)\b|障害|落ち|장애|먹통/iu;

/** True when the text holds one of the words. */
export function keywordRule(text: string): boolean {
  return words.test(text);
}
