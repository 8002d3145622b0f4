/* Keeps one whole build of the app. Touches nothing else: no other address, no POST, never the API. */
const CACHE = "{{ cache }}";
const SHELL = "/kios/";
const FILES = {{ files|safe }};

self.addEventListener("install", (event) => {
  // Not caught: with one file missing this build is not installed, and the one before stays.
  const fresh = FILES.map((file) => new Request(file, { cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOldBuilds().then(() => self.clients.claim()));
});

self.addEventListener("message", (event) => {
  if (event.data === "activate") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname.startsWith(SHELL)) event.respondWith(kept(SHELL, request));
  else if (!search && FILES.includes(pathname)) event.respondWith(kept(pathname, request));
});

async function forgetOldBuilds() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("kios-") && name !== CACHE).map((name) => caches.delete(name)));
}

async function kept(file, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(file)) || fetch(request);
}
