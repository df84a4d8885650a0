/** The menu of a thing, where it is pressed with the other button or asked for by the menu key. */
import { type MouseEvent, type ReactNode, useRef, useState } from "react";
import { takesText } from "./editing";
import { type Anchor, type MenuItem, MenuList } from "./MenuList";

/** To be spread on the thing, and the list to be put beside it. */
export function useContextMenu(
  name: string,
  items: () => MenuItem[],
): { open: (event: MouseEvent) => void; menu: ReactNode } {
  const [shown, setShown] = useState<{ anchor: Anchor; items: MenuItem[] } | null>(null);
  const before = useRef<Element | null>(null);
  const open = (event: MouseEvent) => {
    // A field has the system's own.
    if (event.defaultPrevented || takesText(event.target instanceof Element ? event.target : null)) return;
    event.preventDefault();
    const wanted = items();
    if (wanted.length === 0) return;
    before.current = document.activeElement;
    const { clientX: x, clientY: y } = event;
    const byKey = x === 0 && y === 0;
    const anchor = byKey ? event.currentTarget.getBoundingClientRect() : { left: x, right: x, top: y, bottom: y };
    setShown({ anchor, items: wanted });
  };
  const close = (back: boolean) => {
    setShown(null);
    if (back && before.current instanceof HTMLElement) before.current.focus();
  };
  return { open, menu: shown && <MenuList name={name} items={shown.items} anchor={shown.anchor} onClose={close} /> };
}
