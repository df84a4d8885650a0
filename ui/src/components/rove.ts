/** Arrow keys move the focus among the elements of a container that match `selector`. */
import type { KeyboardEvent } from "react";

/** `sideways`: left and right do what up and down do, as in a group of choices. */
export function rove(event: KeyboardEvent, selector: string, sideways = false): void {
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>(selector)];
  const at = all.indexOf(document.activeElement as HTMLElement);
  const next = target(event.key, at, all.length - 1, sideways);
  if (next === null || (at < 0 && event.key.startsWith("Arrow"))) return;
  event.preventDefault();
  all[Math.max(0, Math.min(next, all.length - 1))]?.focus();
}

function target(key: string, at: number, last: number, sideways: boolean): number | null {
  if (key === "ArrowDown" || (sideways && key === "ArrowRight")) return at + 1;
  if (key === "ArrowUp" || (sideways && key === "ArrowLeft")) return at - 1;
  if (key === "Home") return 0;
  return key === "End" ? last : null;
}
