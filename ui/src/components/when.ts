/** A moment as one says it: "14:05" today, "Tuesday" this week, "3 Nov 2026" before. */
const DAY_MS = 86_400_000;

export function when(at: number, now = Date.now()): string {
  const then = new Date(at);
  if (then.toDateString() === new Date(now).toDateString()) {
    return then.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  }
  if (now - at < 6 * DAY_MS) return then.toLocaleDateString("en-GB", { weekday: "long" });
  return then.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
}
