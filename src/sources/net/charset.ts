// Bytes of other people's documents -> text, whatever charset they are in and whatever they say it is.

import iconv from 'iconv-lite';

/** Marks and first characters (`<`, or `<?`) by which a document tells its width. */
const marks: [string, charset: string, skip: number][] = [
  ['0000feff', 'utf-32be', 4],
  ['fffe0000', 'utf-32le', 4],
  ['efbbbf', 'utf-8', 3],
  ['feff', 'utf-16be', 2],
  ['fffe', 'utf-16le', 2],
  ['0000003c', 'utf-32be', 0],
  ['3c000000', 'utf-32le', 0],
  ['003c00', 'utf-16be', 0],
  ['3c00', 'utf-16le', 0],
];

/** Single-byte charsets that UTF-8 is often mislabelled as: bytes that are valid UTF-8 beyond ASCII are none of these. */
const mislabelled = /^(windows-125\d|iso-8859-\d+|us-ascii|ascii|latin-?1|cp125\d)$/;

/**
 * Decodes a document: byte order mark, then the charset of the HTTP header, then that of the XML prolog, then UTF-8,
 * then windows-1252. A charset that the bytes contradict is taken only when nothing else fits. Never throws.
 * @param contentType the HTTP header, or null.
 */
export function decodeText(bytes: Uint8Array, contentType: string | null): string {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1024));
  for (const [mark, charset, skip] of marks) {
    if (start.toString('hex', 0, 4).startsWith(mark)) return decode(bytes.subarray(skip), charset);
  }
  const head = start.toString('latin1');
  const named = [
    /charset\s*=\s*["']?([\w.:+-]+)/i.exec(contentType ?? '')?.[1],
    /^[^>]{0,200}?<\?xml[^>]{1,200}?encoding\s*=\s*["']([\w.:+-]+)/i.exec(head)?.[1],
  ];
  for (const name of named) {
    // A prolog that can be read byte by byte is in no wider charset, whatever it says.
    if (!name || /^(utf-?(16|32)|ucs|unicode|iso-10646)/i.test(name)) continue;
    if (mislabelled.test(name.toLowerCase()) && isUtf8BeyondAscii(bytes)) break;
    const text = decodeStrictly(bytes, name);
    if (text !== null) return text;
  }
  const wide = decodeStrictly(bytes, 'utf-8') ?? mostlyUtf8(bytes);
  if (wide !== null) return wide;
  const known = named.find((name) => name && !/^utf-?8$/i.test(name) && isKnown(name));
  return decode(bytes, known ?? 'windows-1252');
}

/** True for the charsets of the web, which TextDecoder knows. */
function isOfWeb(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== 'replacement';
  } catch {
    return false;
  }
}

function isKnown(label: string): boolean {
  return isOfWeb(label) || iconv.encodingExists(label);
}

/** What cannot be read becomes U+FFFD. */
function decode(bytes: Uint8Array, label: string): string {
  return isOfWeb(label) ? new TextDecoder(label).decode(bytes) : iconv.decode(Buffer.from(bytes), label);
}

/** null where the charset is not known or the bytes are none of it. */
function decodeStrictly(bytes: Uint8Array, label: string): string | null {
  if (!isKnown(label)) return null;
  if (!isOfWeb(label)) {
    const text = decode(bytes, label);
    return text.includes('\ufffd') ? null : text;
  }
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function isUtf8BeyondAscii(bytes: Uint8Array): boolean {
  const text = decodeStrictly(bytes, 'utf-8');
  return text !== null && text.length !== bytes.length;
}

/** UTF-8 with a few broken places is still UTF-8. */
function mostlyUtf8(bytes: Uint8Array): string | null {
  const text = new TextDecoder('utf-8').decode(bytes);
  let broken = 0;
  let beyond = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0xfffd) broken++;
    else if (code > 0x7f) beyond++;
  }
  return beyond > 4 * broken ? text : null;
}
