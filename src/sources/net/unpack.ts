// Unpacks a body as its Content-Encoding says, up to a limit; half a body gives the half that is there.
import { promisify } from 'node:util';
import zlib from 'node:zlib';

const gunzip = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip);
const inflate = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflate);
const inflateRaw = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflateRaw);
const unbrotli = promisify<Buffer, zlib.BrotliOptions, Buffer>(zlib.brotliDecompress);

/**
 * @param encoding the header as sent: `gzip`, `br`, `deflate`, also several.
 * @param maxOutputLength limit of what comes out, bytes: a bomb ends in ERR_BUFFER_TOO_LARGE.
 * @throws RangeError beyond the limit, Error for bytes that are not packed that way or a packing not known.
 */
export async function unpack(body: Buffer, encoding: string, maxOutputLength: number): Promise<Buffer> {
  const layers = encoding
    .toLowerCase()
    .split(',')
    .map((layer) => layer.trim());
  if (layers.length > 3) throw new Error(`packed ${layers.length} times`);
  let bytes = body;
  for (const layer of layers.reverse()) bytes = await peel(bytes, layer, maxOutputLength);
  return bytes;
}

async function peel(bytes: Buffer, layer: string, maxOutputLength: number): Promise<Buffer> {
  const limits = { maxOutputLength, chunkSize: 1 << 16, finishFlush: zlib.constants.Z_SYNC_FLUSH };
  switch (layer) {
    case '':
    case 'identity':
      return bytes;
    case 'gzip':
    case 'x-gzip':
      // Servers that say gzip and send plain text exist.
      return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzip(bytes, limits) : bytes;
    case 'deflate':
      // Meant is zlib; servers that send it bare exist.
      return ((bytes[0] ?? 0) & 0x0f) === 8 && bytes.length > 1 && bytes.readUInt16BE(0) % 31 === 0
        ? inflate(bytes, limits)
        : inflateRaw(bytes, limits);
    case 'br':
      return unbrotli(bytes, {
        maxOutputLength,
        chunkSize: 1 << 16,
        finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH,
      });
    default:
      throw new Error(`packed as ${layer}, which nobody asked for`);
  }
}
