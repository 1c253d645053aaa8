// Every way round the guard is closed: address forms, IPv4 in IPv6, DNS that points inside.
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { createGuard, isPublicAddress } from '../../src/sources/net/guard.js';

test.each([
  ['0.0.0.0', false],
  ['0.1.2.3', false],
  ['10.1.2.3', false],
  ['100.64.0.1', false],
  ['100.100.100.200', false],
  ['127.0.0.1', false],
  ['127.255.255.254', false],
  ['168.63.129.16', false],
  ['169.254.169.254', false],
  ['172.16.0.1', false],
  ['172.31.255.255', false],
  ['172.32.0.1', true],
  ['192.0.0.192', false],
  ['192.168.1.1', false],
  ['198.18.0.1', false],
  ['224.0.0.1', false],
  ['255.255.255.255', false],
  ['1.1.1.1', true],
  ['192.88.98.1', true],
  ['::', false],
  ['::1', false],
  ['::127.0.0.1', false],
  ['::ffff:127.0.0.1', false],
  ['::ffff:7f00:1', false],
  ['0:0:0:0:0:ffff:a9fe:a9fe', false],
  ['::ffff:1.1.1.1', true],
  ['64:ff9b::7f00:1', false],
  ['64:ff9b::10.0.0.1', false],
  ['64:ff9b::1.1.1.1', true],
  ['64:ff9b:1::1', false],
  ['2002:7f00:1::', false],
  ['2001:0:1::1', false],
  ['2001:db8::1', false],
  ['fe80::1', false],
  ['fe80::1%eth0', false],
  ['fec0::1', false],
  ['fc00::1', false],
  ['fd00:ec2::254', false],
  ['ff02::1', false],
  ['2606:4700:4700::1111', true],
  ['localhost', false],
])('%s: public %s', (address, expected) => {
  expect(isPublicAddress(address)).toBe(expected);
});

test.each([
  'http://127.0.0.1/',
  'http://2130706433/',
  'http://0x7f.1/',
  'http://0177.0.0.1/',
  'http://127.1/',
  'http://0/',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[64:ff9b::7f00:1]/',
  'http://169.254.169.254./latest/meta-data',
  'http://１２７.0.0.1/',
])('the URL %s is refused before connecting', (url) => {
  expect(() => createGuard([]).checkHost(new URL(url).hostname)).toThrow(/private network: add \S+ to allowHosts/);
});

test('names that DNS points inside are refused when the connection is made', async () => {
  const { lookup } = createGuard(['forum.lan']);
  for (const host of ['localhost', 'LOCALHOST']) {
    const error = await new Promise<Error>((resolve) => connect({ host, port: 9, lookup }).on('error', resolve));
    expect(error.message).toMatch(/private network: add localhost to allowHosts/);
  }
});

test('a host allowed by name is reached, and only that host', async () => {
  const guard = createGuard(['LocalHost', '10.0.0.5', '[::1]']);
  expect(() => guard.checkHost('10.0.0.5')).not.toThrow();
  expect(() => guard.checkHost('[::1]')).not.toThrow();
  expect(() => guard.checkHost('10.0.0.6')).toThrow();
  const found = await new Promise((resolve, reject) =>
    guard.lookup('localhost', { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses))),
  );
  expect(found).toContainEqual({ address: '127.0.0.1', family: 4 });
});
