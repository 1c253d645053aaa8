// Judges posts: kind, calibrated score, role of each service, symptom, why.
import type { Catalog, Classifier } from '../core/catalog.js';
import { type Kind, type Mention, type ServiceVerdict, symptoms, type Verdict } from '../core/post.js';
import { Features } from './features.js';
import { chance, combine, kindHeads, type Model, type Scaling, scaled } from './model.js';
import { RoleFeatures } from './role.js';
import { createRoleScorer, type RoleChances } from './role-scorer.js';
import { mostMentions } from './scan.js';
import { createScorer } from './scorer.js';
import { explain } from './why.js';

/** Least score that counts, by kind of source: posts addressed to a brand or made in its forum, and all others. */
export const defaultThresholds = { support: 0.36, public: 0.36 } as const;

/** Least chance of a question among signals, and of news or recovery among the rest; best macro F1 when cross-validated. */
const questionFrom = 0.4;
const echoFrom = 0.25;

/** Least chance from which a post that does not count is explained. */
const explainFrom = 0.2;

/**
 * Least chance from which the roles of a post that does not count are told: a near miss that an operator corrects, or
 * that a lower threshold lets in, has its subject. Where several services are named, a guess is wrong more often.
 */
const rolesFrom = { one: 0.02, several: 0.2 } as const;

/** How much likelier than another role a second subject must be; best role accuracy when cross-validated. */
const besideFrom = 1.5;

const SIGNAL = 0;
const QUESTION = 1;
const NEWS = 2;
const RECOVERY = 3;

/**
 * @param model what `loadModel` gave.
 * @param catalog tells what kind of service is named, and what belongs to or needs what.
 * The classifier reuses its scratch memory: one call at a time.
 */
export function createClassifier(
  model: Model,
  catalog: Pick<Catalog, 'service'>,
  thresholds: { support: number; public: number } = defaultThresholds,
): Classifier {
  const kin = (id: string) => catalog.service(id);
  const features = new Features(kin);
  const scorer = createScorer(model.kinds, model.symptoms);
  const roleFeatures = new RoleFeatures(kin);
  const scoreRoles = createRoleScorer(model.roles);
  const odds = new Float64Array(kindHeads.length);

  /** Chances of each service's roles, from the mention that is most likely the subject; in order of their first mention. */
  function rolesOf(mentions: readonly Mention[]): RoleChances[] {
    const out: RoleChances[] = [];
    roleFeatures.begin(features.scan, mentions);
    for (let i = 0; i < mentions.length && i < mostMentions; i++) {
      const { service } = mentions[i] as Mention;
      roleFeatures.read(features.scan, mentions, i);
      const chances = scoreRoles(roleFeatures, service);
      const known = out.findIndex((r) => r.service === service);
      if (known < 0) out.push(chances);
      else if (chances.subject > (out[known] as RoleChances).subject) out[known] = chances;
    }
    return out;
  }

  return {
    version: model.version,
    classify(post, mentions): Verdict {
      features.read(post, mentions);
      const raw = scorer.score(features);
      for (let h = 0; h < odds.length; h++) odds[h] = scaled(model.scalings[h] as Scaling, raw[h] as number);
      const combined = combine(odds[SIGNAL] as number, odds[NEWS] as number, odds[RECOVERY] as number);
      const signal = chance(scaled(model.scalings[kindHeads.length] as Scaling, combined));
      const news = chance(odds[NEWS] as number);
      const recovery = chance(odds[RECOVERY] as number);
      const support = post.context !== null || mentions.some((m) => m.start < 0);
      let kind: Kind = 'other';
      if (signal >= (support ? thresholds.support : thresholds.public))
        kind = chance(odds[QUESTION] as number) >= questionFrom ? 'question' : 'report';
      else if (Math.max(news, recovery) >= echoFrom) kind = news > recovery ? 'news' : 'recovery';

      let symptom: Verdict['symptom'] = null;
      if (kind === 'report' || kind === 'question') {
        const s = scorer.scoreSymptoms();
        let best = 0;
        for (let h = 1; h < s.length; h++) if ((s[h] as number) > (s[best] as number)) best = h;
        symptom = symptoms[best] as Verdict['symptom'];
      }
      const services: ServiceVerdict[] = [];
      const several = mentions.some((m) => m.service !== mentions[0]?.service);
      if (kind === 'other' && signal < (several ? rolesFrom.several : rolesFrom.one)) {
        // Where nothing fails, every service is merely named.
        for (const { service } of mentions)
          if (!services.some((s) => s.service === service))
            services.push({ service, role: 'context', kind, score: round(signal), symptom: null });
      } else if (mentions.length > 0) {
        const roles = rolesOf(mentions);
        const strongest = roles.reduce((a, b) => (b.subject > a.subject ? b : a));
        for (const r of roles) {
          const isSubject = r === strongest ? r.subject > 0.05 : r.subject >= besideFrom * Math.max(r.cause, r.context);
          const role = isSubject ? 'subject' : r.cause > r.context ? 'cause' : 'context';
          services.push({
            service: r.service,
            role,
            kind: isSubject ? kind : 'other',
            score: round(isSubject ? signal : signal * Math.min(r.subject, 0.5)),
            symptom: isSubject ? symptom : null,
          });
        }
      }
      const blamed = services.some((s) => s.role === 'cause');
      const head = kind === 'news' ? NEWS : kind === 'recovery' ? RECOVERY : SIGNAL;
      return {
        kind,
        score: round(signal),
        symptom,
        services,
        // Plain chat needs no reasons; near misses do.
        why:
          kind === 'other' && signal < explainFrom
            ? []
            : explain(features, scorer, head, kind === 'other' ? -1 : 1, post.text, blamed),
      };
    },
  };
}

function round(p: number): number {
  return Math.round(p * 10_000) / 10_000;
}
