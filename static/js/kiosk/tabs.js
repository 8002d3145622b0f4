/** One live tab per tablet. Locks are courtesy: the chain itself stays whole whoever writes. */

const NAME = "kios-tab";

/**
 * @param {(mine: boolean) => void} told whenever this tab gets or loses the tablet
 * @returns {{take: () => void}}
 */
export function holdTab(told) {
  if (!navigator.locks) {
    told(true);
    return { take() {} };
  }
  const hold = (options) =>
    navigator.locks
      .request(NAME, options, (lock) => {
        told(Boolean(lock));
        return lock ? new Promise(() => {}) : undefined;
      })
      .catch(() => told(false)); // stolen
  hold({ ifAvailable: true });
  return { take: () => hold({ steal: true }) };
}
