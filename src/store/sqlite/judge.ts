// Stores what a tick found: detectors, readings, spikes, incidents and their changes.
import { desc, eq, sql } from 'drizzle-orm';
import type { TickBatch } from '../../core/ports.js';
import type { Incident } from '../../core/signal.js';
import type { Connection } from './connect.js';
import { detectors, incidentChanges, incidents, incidentVersions, readings, spikes } from './schema.js';
import { excluded, placeholders, prepareStatement } from './statement.js';

/** Makes the synchronous part of `judge`; it must run inside a transaction. Judging a step again replaces what stood. */
export function createJudge(
  { client, db }: Connection,
  regionPath: (code: string | null) => string[],
): (batch: Omit<TickBatch, 'judgedUntil'>) => void {
  const putDetector = prepareStatement(
    client,
    db
      .insert(detectors)
      .values(placeholders(detectors))
      .onConflictDoUpdate({
        target: [detectors.service, detectors.region],
        set: excluded(detectors, 'service', 'region'),
      }),
  );
  const putReading = prepareStatement(
    client,
    db
      .insert(readings)
      .values(placeholders(readings))
      .onConflictDoUpdate({
        target: [readings.service, readings.region, readings.t],
        set: excluded(readings, 'service', 'region', 't'),
      }),
  );
  const putSpike = prepareStatement(
    client,
    db
      .insert(spikes)
      .values(placeholders(spikes))
      .onConflictDoUpdate({ target: spikes.id, set: excluded(spikes, 'id') }),
  );
  const putIncident = prepareStatement(
    client,
    db
      .insert(incidents)
      .values(placeholders(incidents))
      .onConflictDoUpdate({ target: incidents.id, set: excluded(incidents, 'id') }),
  );
  const addChange = prepareStatement(
    client,
    db.insert(incidentChanges).values(placeholders(incidentChanges, 'n')).onConflictDoNothing(),
  );

  const lastVersion = prepareStatement<{ incident: string }, { facts: string }>(
    client,
    db
      .select({ facts: incidentVersions.facts })
      .from(incidentVersions)
      .where(eq(incidentVersions.incident, sql.placeholder('incident')))
      .orderBy(desc(incidentVersions.at))
      .limit(1),
  );
  const putVersion = prepareStatement(
    client,
    db
      .insert(incidentVersions)
      .values(placeholders(incidentVersions))
      .onConflictDoUpdate({
        target: [incidentVersions.incident, incidentVersions.at],
        set: excluded(incidentVersions, 'incident', 'at'),
      }),
  );

  function keepVersion(incident: Incident, at: number): void {
    // In order of their names, so that the same facts are the same text wherever the incident came from.
    const facts = JSON.stringify(Object.fromEntries(Object.entries(incident).sort()));
    if (lastVersion.get({ incident: incident.id })?.facts === facts) return;
    putVersion.run({ incident: incident.id, at, facts });
  }

  function incidentRow(incident: Incident) {
    const { possibleSpilloverOf, blamed, regions, touched, platforms, symptoms, ...same } = incident;
    return {
      ...same,
      regions: JSON.stringify(regions),
      touched: JSON.stringify(touched),
      within: JSON.stringify([...new Set(regions.flatMap(regionPath))]),
      platforms: JSON.stringify(platforms),
      symptoms: JSON.stringify(symptoms),
      spillover: JSON.stringify(possibleSpilloverOf),
      blamed: JSON.stringify(blamed),
    };
  }

  return (batch) => {
    for (const d of batch.detectors) putDetector.run({ ...d, active: d.active ? 1 : 0 });
    for (const { service, region, reading, widthMs } of batch.readings) {
      const { active, calming, provisional } = reading;
      putReading.run({
        ...reading,
        service,
        region,
        widthMs,
        active: active ? 1 : 0,
        calming: calming ? 1 : 0,
        provisional: provisional ? 1 : 0,
      });
    }
    for (const spike of batch.spikes) putSpike.run(spike);
    for (const incident of batch.incidents) {
      putIncident.run(incidentRow(incident));
      keepVersion(incident, batch.judgedAt);
    }
    for (const change of batch.changes) addChange.run(change);
  };
}
