/** "22 Nov 2026, 14:05": what is written down is dated in full. */
const format = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});

export function moment(at: number): string {
  return format.format(at);
}
