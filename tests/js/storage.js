/** What localStorage does, for tests. */
export function storage() {
  const rows = new Map();
  return {
    get length() {
      return rows.size;
    },
    key: (place) => [...rows.keys()][place] ?? null,
    getItem: (name) => rows.get(name) ?? null,
    setItem: (name, value) => rows.set(name, String(value)),
    removeItem: (name) => rows.delete(name),
  };
}
