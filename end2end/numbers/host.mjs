// A server for the page of somebody else's, whose sockets go on to the server that is measured.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { pipeline } from 'node:stream';
import { urlToHttpOptions } from 'node:url';
import { brotliCompressSync } from 'node:zlib';

import { origin } from '../support/address.js';

/** @typedef {import('node:http').IncomingMessage} Request */
/** @typedef {import('node:stream').Duplex} Duplex */

/**
 * Serves the code at its address, and the page at all others.
 * @param {import('./rival.mjs').Rival} rival
 */
export async function serve({ html, script, code }) {
  // Node's default is the best that brotli can do.
  const packed = brotliCompressSync(code);
  const forCode = {
    'content-type': 'text/javascript; charset=utf-8',
    'content-encoding': 'br',
    'cache-control': 'public, max-age=31536000, immutable',
  };
  const forPage = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' };
  const server = createServer(({ url }, response) => {
    const [headers, body] = url === script ? [forCode, packed] : [forPage, html];
    response.writeHead(200, headers).end(body);
  });
  server.on('upgrade', passOn).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { origin: `http://127.0.0.1:${port}`, close: () => server.close() };
}

/**
 * Says to our server what a browser has said, and lets them talk. Ours compares the origin of a page with the host that it
 * asks, and here both are this one; so nothing has to be rewritten.
 * @param {Request} request
 * @param {Duplex} browser
 * @param {Buffer} rest what the browser has sent after its request
 */
function passOn(request, browser, rest) {
  const { hostname, port } = urlToHttpOptions(new URL(origin));
  const server = connect({ host: hostname ?? undefined, port: Number(port ?? 80), noDelay: true });
  server.write(headOf(request));
  server.write(rest);
  // When one of them goes, so does the other.
  pipeline(browser, server, browser, () => {});
}

/** @param {Request} request */
function headOf({ method, url, rawHeaders }) {
  const lines = rawHeaders.map((part, index) => (index % 2 === 0 ? `${part}: ` : `${part}\r\n`));
  return `${method} ${url} HTTP/1.1\r\n${lines.join('')}\r\n`;
}
