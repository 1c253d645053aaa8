// natural's classifiers as baselines; the only file that imports natural (its index would load three databases).
import { createRequire } from 'node:module';

interface NaturalClassifier {
  addDocument(tokens: string[], label: string): void;
  train(): void;
  getClassifications(tokens: string[]): { label: string; value: number }[];
}

const require = createRequire(import.meta.url);
const BayesClassifier = require('natural/lib/natural/classifiers/bayes_classifier.js') as new () => NaturalClassifier;
const LogisticRegressionClassifier =
  require('natural/lib/natural/classifiers/logistic_regression_classifier.js') as new () => NaturalClassifier;
const PorterStemmer = require('natural/lib/natural/stemmers/porter_stemmer.js') as {
  tokenizeAndStem(text: string): string[];
};

const tokensOf = (text: string): string[] => [...new Set(PorterStemmer.tokenizeAndStem(text))];

/** Least posts that a stem must occur in for the regression, which keeps a row of all stems for each post. */
const leastPosts = 3;

/** The chance of `true` by a trained classifier. */
function chanceOf(classifier: NaturalClassifier): (text: string) => number {
  return (text) => {
    const values = new Map(classifier.getClassifications(tokensOf(text)).map(({ label, value }) => [label, value]));
    const yes = values.get('true') ?? 0;
    const no = values.get('false') ?? 0;
    return yes + no > 0 ? yes / (yes + no) : 0;
  };
}

/** Trains natural's BayesClassifier on Porter stems; the result scores a text by the chance of `true`. */
export function trainBayes(texts: readonly string[], labels: readonly boolean[]): (text: string) => number {
  const bayes = new BayesClassifier();
  for (const [i, text] of texts.entries()) {
    const tokens = tokensOf(text);
    if (tokens.length > 0) bayes.addDocument(tokens, String(labels[i]));
  }
  bayes.train();
  return chanceOf(bayes);
}

/** Trains natural's LogisticRegressionClassifier likewise. Its time grows with the square of the posts: 400 take 20 s. */
export function trainNaturalLogistic(texts: readonly string[], labels: readonly boolean[]): (text: string) => number {
  const regression = new LogisticRegressionClassifier();
  const all = texts.map(tokensOf);
  const posts = new Map<string, number>();
  for (const token of all.flat()) posts.set(token, (posts.get(token) ?? 0) + 1);
  for (const [i, tokens] of all.entries()) {
    const known = tokens.filter((token) => (posts.get(token) as number) >= leastPosts);
    if (known.length > 0) regression.addDocument(known, String(labels[i]));
  }
  regression.train();
  return chanceOf(regression);
}
