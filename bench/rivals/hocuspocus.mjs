// Hocuspocus with its SQLite extension, as its documentation sets it up: `node hocuspocus.mjs PORT DIRECTORY`.

import { SQLite } from '@hocuspocus/extension-sqlite';
import { Server } from '@hocuspocus/server';

const [port, directory] = process.argv.slice(2);

await new Server({
  address: '127.0.0.1',
  port: Number(port),
  quiet: true,
  extensions: [new SQLite({ database: `${directory}/hocuspocus.sqlite` })],
}).listen();
