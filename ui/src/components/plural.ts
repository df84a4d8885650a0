const count = new Intl.NumberFormat("en");

/** "1 word", "2,048 words". */
export function plural(n: number, noun: string): string {
  return `${count.format(n)} ${noun}${n === 1 ? "" : "s"}`;
}

/** "2,048". */
export function figure(n: number): string {
  return count.format(n);
}
