/** The lines of a project are put in order: by keys, and by dragging one onto another. */
import type { DragEvent, KeyboardEvent } from "react";
import { useSession } from "../../session/context";
import { type Held, moved, partMoved, put, type Which } from "../../session/order";

/** Of what is dragged, for a project and for other lines to know it by. */
export const DRAGGED = "application/x-sotto-conversation";
export const DRAGGED_PAGE = "application/x-sotto-page";
const DRAGGED_PART = "application/x-sotto-part";

/** What is dragged, if it is a line of ours. */
export function dragged(data: DataTransfer): Which | null {
  for (const [type, kind] of [[DRAGGED, "conversation"] as const, [DRAGGED_PAGE, "page"] as const]) {
    const id = Number(data.getData(type));
    if (Number.isSafeInteger(id) && id > 0) return { kind, id };
  }
  return null;
}

export interface Ordering {
  /** One place up or down; null where it goes no further. */
  to: (by: 1 | -1) => (() => void) | null;
  /** For the line's own events. */
  line: {
    onDragOver: (event: DragEvent) => void;
    onDrop: (event: DragEvent) => void;
  };
}

export interface Orderings {
  of: (which: Which) => Ordering;
  part: (part: string) => Ordering & { onDragStart: (event: DragEvent) => void };
}

/** `order`: what the project holds, as it stands. */
export function useOrdering(project: number | null, order: readonly Held[]): Orderings {
  const session = useSession();
  const go = (to: Held[] | null, said?: string) => to && (() => void session.order.set(project, order, to, said));
  const onDragOver = (event: DragEvent) => {
    if ([DRAGGED, DRAGGED_PAGE, DRAGGED_PART].some((type) => event.dataTransfer.types.includes(type)))
      event.preventDefault();
  };
  /** What is of another project is the project's to take. */
  const onDrop = (before: Which) => (event: DragEvent) => {
    const what = dragged(event.dataTransfer);
    const part = event.dataTransfer.getData(DRAGGED_PART);
    const set = what
      ? go(what.kind === before.kind && what.id === before.id ? null : put(order, what, before), "Moved.")
      : go(part === "" ? null : partBefore(order, part, before), "Moved.");
    if (!set) return;
    event.preventDefault();
    event.stopPropagation();
    set();
  };
  return {
    of: (which) => ({
      to: (by) => go(moved(order, which, by)),
      line: { onDragOver, onDrop: onDrop(which) },
    }),
    part: (part) => {
      const first = order.find((one) => one.kind === "page" && one.part === part) ?? { kind: "page", id: 0 };
      return {
        to: (by) => go(partMoved(order, part, by)),
        line: { onDragOver, onDrop: onDrop(first) },
        onDragStart: (event) => event.dataTransfer.setData(DRAGGED_PART, part),
      };
    },
  };
}

/** A group that is dropped on a line comes before it; on one of its own it stays. */
function partBefore(order: readonly Held[], part: string, before: Which): Held[] | null {
  const own = (one: Held) => one.kind === "page" && one.part === part;
  const target = order.find((one) => one.kind === before.kind && one.id === before.id);
  if (!target || own(target) || !order.some(own)) return null;
  const rest = order.filter((one) => !own(one));
  // Into the middle of another group nothing goes: before its first page.
  const at =
    target.kind === "page" && target.part !== ""
      ? rest.findIndex((one) => one.kind === "page" && one.part === target.part)
      : rest.indexOf(target);
  return rest.toSpliced(at, 0, ...order.filter(own));
}

/** Alt and an arrow move a line; true where this was one. */
export function movedBy(event: KeyboardEvent, { to }: Ordering): boolean {
  if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return false;
  to(event.key === "ArrowUp" ? -1 : 1)?.();
  return true;
}

/** For a line's menu. */
export function moves({ to }: Ordering) {
  const [up, down] = [to(-1), to(1)];
  return [
    ...(up ? [{ name: "Move up", keys: "Alt ↑", act: up }] : []),
    ...(down ? [{ name: "Move down", keys: "Alt ↓", act: down }] : []),
  ];
}
