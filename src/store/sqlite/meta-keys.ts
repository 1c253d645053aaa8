// Keys of the `meta` table: the store's own, and those that `keep` gives to others.
export const metaKeys = {
  judgedUntil: 'store.judgedUntil',
  minutesFrom: 'store.minutesFrom',
  quartersFrom: 'store.quartersFrom',
  hoursFrom: 'store.hoursFrom',
  hoursUntil: 'store.hoursUntil',
  kept: (key: string) => `kept.${key}`,
};
