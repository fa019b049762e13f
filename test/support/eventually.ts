/**
 * For what comes about by itself, in other processes: asks again and again until it holds.
 */
const DEADLINE_MS = 30_000;
const PAUSE_MS = 20;

/** Runs `check` until it doesn't throw; throws its last error when that takes longer than half a minute, or as given. */
export async function eventually(
  check: () => void | Promise<void>,
  deadlineMs: number = DEADLINE_MS,
): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await Bun.sleep(PAUSE_MS);
    }
  }
}
