/**
 * Loaded into an embedded platform before everything else: answers SQL on its databases at READER_PORT. They are in its process, and no other
 * one can open them while it runs.
 */
import { Buffer } from 'node:buffer';
import { createServer } from 'node:http';
import { basename } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';

const databases = new Map();
const create = PGlite.create.bind(PGlite);
PGlite.create = async (options, ...rest) => {
  const database = await create(options, ...rest);
  // It makes one of its own to fill a new directory from, which has none.
  if (options.dataDir !== undefined) databases.set(basename(options.dataDir), database);
  return database;
};

const reader = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    try {
      const { rows } = await databases.get(request.url.slice(1)).query(Buffer.concat(chunks).toString());
      response.end(JSON.stringify(rows));
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
});
// The thread that hashes passwords loads this too.
if (isMainThread) reader.listen(Number(process.env.READER_PORT), '127.0.0.1').unref();
