// What the shipped model says of plain posts: the road from text to verdict.
import { expect, test } from 'vitest';
import { createLineJudge } from '../../src/cli/classify.js';

const judge = createLineJudge();
const verdict = (text: string) => JSON.parse(judge(JSON.stringify({ id: 'x', text })));

test('a plain report, question, recovery and chat are told apart', () => {
  expect(verdict('Netflix keeps crashing on my TV since this morning, error NW-2-5')).toMatchObject({ kind: 'report' });
  expect(verdict('is slack down for anyone else?')).toMatchObject({ kind: 'question', symptom: 'down' });
  expect(verdict('WhatsApp is back up, finally')).toMatchObject({ kind: 'recovery', symptom: null });
  expect(verdict('watching a movie on Netflix with pizza tonight')).toMatchObject({ kind: 'other', symptom: null });
});

test('a place counts only where something fails', () => {
  expect(verdict('no internet in Leeds since this morning, virgin media is down')).toMatchObject({ region: 'GB-LDS' });
  expect(verdict('lovely concert in Leeds tonight, found it on Spotify')).toMatchObject({
    kind: 'other',
    region: null,
  });
});

test('a service that is only blamed is no subject', () => {
  const { services } = verdict('Snapchat is down, is it AWS?');
  expect(Object.fromEntries(services.map((s: { id: string; role: string }) => [s.id, s.role]))).toEqual({
    snapchat: 'subject',
    aws: 'cause',
  });
});

test('a service that works beside one that fails is no subject', () => {
  const roles = (text: string) =>
    Object.fromEntries(verdict(text).services.map((s: { id: string; role: string }) => [s.id, s.role]));
  expect(roles("Zoom is fine, but Slack won't send a single message")).toEqual({ zoom: 'context', slack: 'subject' });
  expect(roles('WhatsApp verschickt nichts, Telegram läuft')).toEqual({ whatsapp: 'subject', telegram: 'context' });
  expect(roles('instagram não carrega, vim pro twitter')).toEqual({ instagram: 'subject', twitter: 'context' });
});

test('a near miss names its subject and does not count; plain chat names none', () => {
  const near = verdict('spotify being spotify');
  expect(near).toMatchObject({ kind: 'other', services: [{ id: 'spotify', role: 'subject', kind: 'other' }] });
  expect(verdict('we booked the hotel through Airbnb, lovely view').services).toMatchObject([{ role: 'context' }]);
});

test('a network is the same under the name of our source and under that of the labelled posts', () => {
  const on = (platform: string) =>
    judge(JSON.stringify({ id: 'x', text: 'my netflix is being weird tonight', platform }));
  expect(on('x')).toBe(on('twitter'));
  expect(on('hackernews')).toBe(on('hn'));
  expect(on('x')).not.toBe(on('bluesky'));
});

test('reasons quote the words that decided', () => {
  expect(verdict('is slack down for anyone else?').why.join(' ')).toContain('anyone else');
});

test('a bad line names field and value, keeps its id and its place', () => {
  expect(JSON.parse(judge('{"id": 9}'))).toEqual({ id: 9, error: 'text: nothing; expected a string' });
  expect(JSON.parse(judge('nonsense')).id).toBeNull();
  expect(JSON.parse(judge('[1]')).error).toContain('expected an object');
  expect(JSON.parse(judge('{"id":"a","text":"x","lang":5}'))).toEqual({
    id: 'a',
    error: 'lang: 5; expected a string or null',
  });
});
