// Opens documents without a network, if they were opened before, and the front page that lists them.
//
// There is one cache for each build of the program: the pages that came with it, and the files that they loaded. A page
// is always taken from the network where that answers in time, so that nobody who is online sees an old one; files
// whose names bear the hash of their content are taken from the cache. The text itself does not depend on any of this:
// it comes up to date by the document's link, or else from what the browser has kept of it.
'use strict';

const BUILD = 'scriptorium build ';
/** How many pages of documents can be opened without a network. Those that were not opened for longest give way. */
const MOST = 50;
/** How long the network may take before a page that was kept is shown, in milliseconds. */
const PATIENCE = 3_000;

const isDocument = (path) => path === '/spike1' || path.startsWith('/d/');
const isPage = (path) => path === '/' || isDocument(path);
/** The program that a page loads. Its name differs in each build. */
const program = (text) => /\/pkg\/[\w.-]+\.js/.exec(text)?.[0];

self.addEventListener('install', () => self.skipWaiting());

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) {
    return;
  }
  if (request.mode === 'navigate') {
    if (isPage(pathname)) {
      event.respondWith(openPage(event, pathname, search));
    }
  } else if (request.destination !== '' || pathname.startsWith('/pkg/')) {
    event.respondWith(loadFile(request));
  }
});

// A page says which files it has loaded, once it lives.
self.addEventListener('message', (event) => {
  const { pathname, search } = new URL(event.source.url);
  if (isPage(pathname)) {
    event.waitUntil(keepFiles(pathname + search, event.data));
  }
});

async function openPage(event, path, search) {
  const answer = fetch(event.request);
  event.waitUntil(answer.then((response) => heed(path, search, response.clone())).catch(() => undefined));
  return inTime(answer, (await find(path + search)) ?? (await leadTo(path, search)));
}

/** The way to a page that was seen with other parameters: what it looks like depends on them. */
async function leadTo(path, search) {
  const name = path === '/' && new URLSearchParams(search).get('name');
  // What the front page's form asks for, the server would answer with the way there.
  const kept = await find(name ? `/d/${encodeURIComponent(name.trim())}` : path, { ignoreSearch: true });
  return kept && Response.redirect(kept.url);
}

/** Keeps a page, or forgets a document that was deleted. */
async function heed(path, search, response) {
  if (response.status !== 410) {
    return keepPage(path + search, response);
  }
  const pages = (await kept()).filter(({ pathname }) => pathname === path);
  await Promise.all(pages.map(({ href }) => remove(href)));
  await forget(path);
}

async function loadFile(request) {
  const kept = await find(request);
  return kept && isImmutable(kept) ? kept : inTime(fetch(request), kept);
}

/** The network's answer, or what was kept, if the network has none in time or only says that the server is unwell. */
async function inTime(answer, kept) {
  if (!kept) {
    return answer;
  }
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, kept));
  const good = answer.then((response) => (response.status < 500 ? response : kept));
  return Promise.race([good.catch(() => kept), late]);
}

/** Keeps a page under its address, with the build that it belongs to. */
async function keepPage(address, response) {
  if (!response.ok || response.redirected) {
    return;
  }
  const build = program(await response.clone().text());
  if (build) {
    await remove(address);
    await (await caches.open(BUILD + build)).put(address, response);
    await makeRoom();
  }
}

/** Keeps the files of a page, and the page too, if it came before this worker. */
async function keepFiles(address, files) {
  const build = program(files.join('\n'));
  if (!build) {
    return;
  }
  if (!(await find(address))) {
    await keepPage(address, await fetch(address));
  }
  const cache = await caches.open(BUILD + build);
  await Promise.all(files.map((file) => keepFile(cache, file)));
}

async function keepFile(cache, file) {
  const kept = await cache.match(file, { ignoreVary: true });
  if (kept && isImmutable(kept)) {
    return;
  }
  const response = await fetch(file);
  if (response.ok) {
    await cache.put(file, response);
  }
}

/** Removes the oldest documents that are too many, and the builds that no page needs any more. */
async function makeRoom() {
  const documents = (await kept()).filter(({ pathname }) => isDocument(pathname));
  for (const { href, pathname } of documents.slice(0, -MOST)) {
    await remove(href);
    if (!(await find(pathname, { ignoreSearch: true }))) {
      await forget(pathname);
    }
  }
  for (const name of await builds()) {
    if ((await pagesIn(name)).length === 0) {
      await caches.delete(name);
    }
  }
}

async function builds() {
  return (await caches.keys()).filter((name) => name.startsWith(BUILD));
}

/** The addresses of the pages that came with a build, in the order in which they were kept. */
async function pagesIn(build) {
  const requests = await (await caches.open(build)).keys();
  return requests.map(({ url }) => new URL(url)).filter(({ pathname }) => isPage(pathname));
}

async function kept() {
  return (await Promise.all((await builds()).map(pagesIn))).flat();
}

async function remove(address) {
  for (const name of await caches.keys()) {
    await (await caches.open(name)).delete(address, { ignoreVary: true });
  }
}

/** Deletes what the browser has kept of the document at this path, unless changes of it wait to be sent. */
async function forget(path) {
  const name = `scriptorium/${path.split('/').at(-1)}`;
  const database = await answered(indexedDB.open(name));
  const isKept = database.objectStoreNames.contains('pending');
  const waiting = isKept ? await answered(database.transaction('pending').objectStore('pending').count()) : 0;
  database.close();
  if (waiting === 0) {
    indexedDB.deleteDatabase(name);
  }
}

function answered(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** What was kept of a page or a file, of whatever language the page spoke. */
function find(request, options) {
  return caches.match(request, { ignoreVary: true, ...options });
}

function isImmutable(response) {
  return response.headers.get('Cache-Control')?.includes('immutable') ?? false;
}
