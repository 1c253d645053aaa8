// Opens the port; what the machine refuses is said in one sentence with the way out.
import type { FastifyInstance } from 'fastify';
import { OperationalError } from '../core/errors.js';

/**
 * Listens at host and port (0 = a free one).
 * @returns the address. @throws OperationalError when the port cannot be had.
 */
export async function listen(server: FastifyInstance, { host, port }: { host: string; port: number }): Promise<string> {
  try {
    return await server.listen({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new OperationalError(`port ${port} of ${host} is in use: choose another with --port`);
    if (code === 'EACCES')
      throw new OperationalError(`port ${port} may not be opened by this user: choose one above 1023`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new OperationalError(`${host} is no address of this machine: choose another with --host`);
    throw error;
  }
}
