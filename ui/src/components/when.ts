/** Moments as one says them. */

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

/** The day of a moment, as a heading: "Today", "Yesterday", "This week", "November", "2025". */
export function dayOf(at: number, now = Date.now()): string {
  const then = new Date(at);
  const today = new Date(now);
  const days = Math.round((midnight(today) - midnight(then)) / DAY_MS);
  if (days <= 0) return "Today";
  if (days === 1) return "Yesterday";
  if (days < 7) return "This week";
  if (then.getFullYear() !== today.getFullYear()) return String(then.getFullYear());
  return then.getMonth() === today.getMonth() ? "This month" : then.toLocaleDateString("en-GB", { month: "long" });
}

function midnight(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
