/** Which people stand on which page of the board, and who is new since the last answer. */

/** One page per full grid of people; a paper nobody signed yet has one empty page. */
export function pagesOf(board, size) {
  return board.papers.flatMap((paper) => {
    const count = Math.max(1, Math.ceil(paper.people.length / size));
    return Array.from({ length: count }, (_, index) => ({
      paper,
      number: index + 1,
      count,
      people: paper.people.slice(index * size, (index + 1) * size),
    }));
  });
}

export function pageWith(pages, id) {
  return pages.findIndex(({ people }) => people.some((person) => person.id === id));
}

/** Ids of people who were not there before, the first answer makes nobody new. */
export function arrivals(before, now) {
  if (!before) return [];
  const known = new Set(before.papers.flatMap(({ people }) => people.map(({ id }) => id)));
  return now.papers.flatMap(({ people }) => people.map(({ id }) => id)).filter((id) => !known.has(id));
}
