// Keeps sources out of private networks: every address is judged when the connection is made, after DNS.
import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { SourceError } from '../../core/errors.js';

// IANA special-purpose registries; 168.63.129.16 is a cloud's metadata service on a public address.
const refusedV4 = blockList('ipv4', [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
]);
const globalV6 = blockList('ipv6', [['2000::', 3]]);
// Within the global range: protocol assignments (Teredo among them), documentation, 6to4.
const refusedV6 = blockList('ipv6', [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]);

function blockList(family: 'ipv4' | 'ipv6', nets: [string, number][]): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of nets) list.addSubnet(net, prefix, family);
  return list;
}

/** The 16 bytes of a valid IPv6 address. */
function bytesOf(address: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const hex = (a: string, b: string) => ((Number(a) << 8) | Number(b)).toString(16);
  const text = dotted ? `${dotted[1]}${hex(dotted[2]!, dotted[3]!)}:${hex(dotted[4]!, dotted[5]!)}` : address;
  const [left = '', right] = text.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  const [a, b] = [groups(left), groups(right ?? '')];
  return [...a, ...Array(8 - a.length - b.length).fill(0), ...b].flatMap((group) => [group >> 8, group & 255]);
}

/**
 * Tells whether an address may be reached without being allowed by name: only global unicast ones.
 * IPv4 addresses inside IPv6 (mapped, NAT64) are judged as IPv4.
 * @param address IPv4 or IPv6, without brackets.
 */
export function isPublicAddress(address: string): boolean {
  const bare = address.replace(/%.*$/, '');
  if (isIP(bare) === 4) return !refusedV4.check(bare, 'ipv4');
  if (isIP(bare) !== 6) return false;
  const bytes = bytesOf(bare);
  const head = Buffer.from(bytes.slice(0, 12)).toString('hex');
  if (head === '00000000000000000000ffff' || head === '0064ff9b0000000000000000') {
    return isPublicAddress(bytes.slice(12).join('.'));
  }
  return globalV6.check(bare, 'ipv6') && !refusedV6.check(bare, 'ipv6');
}

/** Judges hosts and addresses for one installation. */
export interface Guard {
  /** Throws a SourceError for a host that is an address and not allowed; call it before connecting. */
  checkHost(hostname: string): void;
  /** A DNS look-up that gives only addresses that may be reached; for `net.connect`, `tls.connect`, `http.request`. */
  lookup: LookupFunction;
}

/** @param allowHosts names (or addresses) of hosts that may be reached wherever they lie. */
export function createGuard(allowHosts: readonly string[]): Guard {
  const plain = (host: string) =>
    host
      .toLowerCase()
      .replace(/^\[|\]$/g, '')
      .replace(/\.$/, '');
  const allowed = new Set(allowHosts.map(plain));
  const refusal = (hostname: string, address: string) =>
    new SourceError(
      `${hostname}${hostname === address ? '' : ` (${address})`} is an address inside a private network: add ${plain(hostname)} to allowHosts if it is yours`,
      { code: 'private-address', retry: hostname !== address },
    );

  const lookup: LookupFunction = (hostname, options, callback) => {
    dnsLookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '', 0);
      const addresses = found as LookupAddress[];
      const reachable = allowed.has(plain(hostname))
        ? addresses
        : addresses.filter(({ address }) => isPublicAddress(address));
      const [first] = reachable;
      if (!first) return callback(refusal(hostname, addresses[0]?.address ?? 'no address'), '', 0);
      if (options.all) return callback(null, reachable);
      callback(null, first.address, first.family);
    });
  };

  return {
    lookup,
    checkHost(hostname) {
      const host = plain(hostname);
      if (isIP(host.replace(/%.*$/, '')) !== 0 && !allowed.has(host) && !isPublicAddress(host)) {
        throw refusal(host, host);
      }
    },
  };
}
