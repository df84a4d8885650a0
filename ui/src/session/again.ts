/** Does `work`, and once more where it is asked for meanwhile: what was read by then may be old. */
export function again(work: () => Promise<unknown>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let asked = false;
  const run = async () => {
    try {
      while (asked) {
        asked = false;
        await work();
      }
    } finally {
      running = null;
    }
  };
  return () => {
    asked = true;
    running ??= run();
    return running;
  };
}
