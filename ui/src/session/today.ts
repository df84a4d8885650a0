/** How many words were written today, across pages, and how many the user wants to write in a day. */

export interface Today {
  /** As the user's clock has it: "2026-11-27". */
  day: string;
  words: number;
  /** 0: none. */
  goal: number;
}

export const NOTHING_YET: Today = { day: "", words: 0, goal: 0 };

function dayOf(now: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** What was written on another day counts no more; what is wanted stays. */
export function onThisDay(today: Today, now: Date): Today {
  const day = dayOf(now);
  return today.day === day ? today : { ...today, day, words: 0 };
}

/** `by`: below 0 where words were taken away. */
export function wrote(today: Today, by: number, now: Date): Today {
  const current = onThisDay(today, now);
  return { ...current, words: current.words + by };
}

export function understoodToday(read: Partial<Today> | undefined): Today {
  const { day, words, goal } = read ?? {};
  const whole = (value: unknown) => (Number.isSafeInteger(value) ? (value as number) : 0);
  return { day: typeof day === "string" ? day : "", words: whole(words), goal: Math.max(0, whole(goal)) };
}
