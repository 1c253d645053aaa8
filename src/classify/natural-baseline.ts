// natural's classifiers as baselines; the only file that imports natural (its index would load three databases).
import { createRequire } from 'node:module';

interface NaturalClassifier {
  addDocument(tokens: string[], label: string): void;
  train(): void;
  getClassifications(tokens: string[]): { label: string; value: number }[];
}

const require = createRequire(import.meta.url);
const BayesClassifier = require('natural/lib/natural/classifiers/bayes_classifier.js') as new () => NaturalClassifier;
const PorterStemmer = require('natural/lib/natural/stemmers/porter_stemmer.js') as {
  tokenizeAndStem(text: string): string[];
};

const tokensOf = (text: string): string[] => [...new Set(PorterStemmer.tokenizeAndStem(text))];

/** Trains natural's BayesClassifier on Porter stems; the result scores a text by the chance of `true`. */
export function trainBayes(texts: readonly string[], labels: readonly boolean[]): (text: string) => number {
  const bayes = new BayesClassifier();
  for (const [i, text] of texts.entries()) {
    const tokens = tokensOf(text);
    if (tokens.length > 0) bayes.addDocument(tokens, String(labels[i]));
  }
  bayes.train();
  return (text) => {
    const values = new Map(bayes.getClassifications(tokensOf(text)).map(({ label, value }) => [label, value]));
    const yes = values.get('true') ?? 0;
    const no = values.get('false') ?? 0;
    return yes + no > 0 ? yes / (yes + no) : 0;
  };
}
