// Bytes of other people's documents -> text, whatever charset they are in and whatever they say it is.

type Decode = (bytes: Uint8Array) => string;

/** Marks and first characters (`<`, or `<?`) by which a document tells its width. */
const marks: [string, Decode, skip: number][] = [
  ['0000feff', utf32(false), 4],
  ['fffe0000', utf32(true), 4],
  ['efbbbf', whatwg('utf-8'), 3],
  ['feff', whatwg('utf-16be'), 2],
  ['fffe', whatwg('utf-16le'), 2],
  ['0000003c', utf32(false), 0],
  ['3c000000', utf32(true), 0],
  ['003c00', whatwg('utf-16be'), 0],
  ['3c00', whatwg('utf-16le'), 0],
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
  for (const [mark, decode, skip] of marks) {
    if (start.toString('hex', 0, 4).startsWith(mark)) return decode(bytes.subarray(skip));
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
  return new TextDecoder(known ?? 'windows-1252').decode(bytes);
}

function isKnown(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== 'replacement';
  } catch {
    return false;
  }
}

function decodeStrictly(bytes: Uint8Array, label: string): string | null {
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

function whatwg(label: string): Decode {
  return (bytes) => new TextDecoder(label).decode(bytes);
}

/** The one Unicode form that TextDecoder does not know. */
function utf32(littleEndian: boolean): Decode {
  return (bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const pieces: string[] = [];
    for (let at = 0; at + 4 <= bytes.length; at += 4) {
      const code = view.getUint32(at, littleEndian);
      pieces.push(String.fromCodePoint(code <= 0x10ffff ? code : 0xfffd));
    }
    return pieces.join('');
  };
}
