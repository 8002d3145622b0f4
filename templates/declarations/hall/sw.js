/* Keeps one event's MC screen with its files. The network comes first: the page changes with the plan. */
const PAGE = {{ page|safe }};
const FILES = {{ files|safe }};
const PREFIX = `mc-${PAGE}-`;
const CACHE = `${PREFIX}{{ digest }}`;
const PATIENCE = 4000;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOldBuilds().then(() => self.clients.claim()));
});

self.addEventListener("message", (event) => {
  if (event.data === "keep") event.waitUntil(keepPage());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname === PAGE) event.respondWith(freshPage(request));
  else if (!search && FILES.includes(pathname)) event.respondWith(kept(pathname, request));
});

async function forgetOldBuilds() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/* What our server says about this page, also a refusal or the way to the login, comes before an old page. A proxy whose
   server is down and the portal of a guest network say nothing about it, and are never kept. */
async function freshPage(request) {
  const cache = await caches.open(CACHE);
  const old = await cache.match(PAGE);
  try {
    const answer = await (old ? inTime(fetch(request)) : fetch(request));
    if (isPage(answer)) await cache.put(PAGE, answer.clone());
    return old && !isOurs(answer) ? old : answer;
  } catch (error) {
    if (old) return old;
    throw error;
  }
}

function isOurs({ type, status, headers }) {
  return type === "opaqueredirect" || (status < 500 && headers.has("X-Request-Id"));
}

function isPage(answer) {
  return answer.status === 200 && !answer.redirected && isOurs(answer);
}

function inTime(promise) {
  return Promise.race([promise, new Promise((_, reject) => setTimeout(() => reject(new Error("slow")), PATIENCE))]);
}

async function keepPage() {
  const answer = await fetch(PAGE, { cache: "no-store" });
  if (isPage(answer)) await (await caches.open(CACHE)).put(PAGE, answer);
}

async function kept(file, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(file)) || fetch(request);
}
