/** One live tab per tablet. Locks are courtesy: the chain itself stays whole whoever writes. */

const NAME = "kios-tab";

/**
 * @param {(mine: boolean) => void} told whenever this tab gets or loses the tablet; a tab without it waits for it
 * @returns {{ready: Promise<void>, take: () => void}} ready: after the first answer
 */
export function holdTab(told) {
  if (!navigator.locks) {
    told(true);
    return { ready: Promise.resolve(), take() {} };
  }
  let turn = 0;
  const hold = async (options, answered = () => {}) => {
    let mine = 0;
    try {
      await navigator.locks.request(NAME, options, (lock) => {
        if (lock) mine = turn += 1;
        told(Boolean(lock));
        answered();
        return lock ? new Promise(() => {}) : hold({});
      });
    } catch {
      if (mine !== turn) return; // this tab took it from itself
      told(false);
      hold({});
    }
  };
  return { ready: new Promise((resolve) => hold({ ifAvailable: true }, resolve)), take: () => hold({ steal: true }) };
}
