/** Copies of what was typed, on this device: one of each page, and those of pages that are gone. */

/**
 * @param {Storage} storage
 * @param {string} prefix of one account, event and pad
 * @param {string} page the name of this page; nobody else writes its copy
 */
export function box(storage, prefix, page) {
  const key = `${prefix}:${page}`;
  return {
    read: () => parsed(storage, key),
    write(kept) {
      try {
        storage.setItem(key, JSON.stringify(kept));
        return true;
      } catch {
        return false;
      }
    },
    forget: () => forget(storage, key),
    /** [name of the copy, what it holds] of every other page that is not open any more. */
    left(open) {
      return names(storage)
        .filter((name) => (name === prefix || name.startsWith(`${prefix}:`)) && name !== key)
        .filter((name) => !open.has(name.slice(prefix.length + 1)))
        .map((name) => [name, parsed(storage, name)]);
    },
    drop: (name) => forget(storage, name),
  };
}

function names(storage) {
  try {
    return Array.from({ length: storage.length }, (_, place) => storage.key(place));
  } catch {
    return [];
  }
}

function parsed(storage, key) {
  try {
    return JSON.parse(storage.getItem(key));
  } catch {
    return null;
  }
}

function forget(storage, key) {
  try {
    storage.removeItem(key);
  } catch {
    // nothing was kept then
  }
}
