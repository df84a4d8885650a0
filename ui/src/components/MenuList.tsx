/**
 * What a menu shows: arrows move, Enter chooses, Escape and Tab close. It lies over everything
 * and wholly in the window, whatever pane it was opened in.
 */
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { rove } from "./rove";
import "./menu.css";

export interface MenuItem {
  name: string;
  act: () => void;
  danger?: boolean;
  /** The keys that do the same. */
  keys?: string | undefined;
}

/** Where it hangs: at a point, or at the edges of what opened it. */
export interface Anchor {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

interface Props {
  id?: string;
  name: string;
  items: MenuItem[];
  anchor: Anchor;
  /** Above the anchor, where there is room. */
  up?: boolean;
  /** Called with true when the focus should go back to what opened it. */
  onClose: (back: boolean) => void;
}

const GAP = 4;
const EDGE = 8;

export function MenuList({ id, name, items, anchor, up = false, onClose }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<{ left: number; top: number } | null>(null);

  useLayoutEffect(() => {
    const box = list.current;
    if (!box) return;
    const { offsetWidth: width, offsetHeight: height } = box;
    // To the inner side of what opened it, and back into the window where that is too far.
    const inward =
      anchor.right - width >= EDGE && anchor.left + width > window.innerWidth - EDGE
        ? anchor.right - width
        : anchor.left;
    const below = anchor.bottom + GAP;
    const above = anchor.top - GAP - height;
    const wanted = (up && above >= EDGE) || below + height > window.innerHeight - EDGE ? above : below;
    const within = (at: number, size: number, whole: number) => Math.max(EDGE, Math.min(at, whole - size - EDGE));
    setPlace({ left: within(inward, width, window.innerWidth), top: within(wanted, height, window.innerHeight) });
  }, [anchor, up]);

  const latest = useRef(onClose);
  latest.current = onClose;
  // Until it has its place it cannot be seen, and what cannot be seen takes no focus.
  const seen = place !== null;
  useEffect(() => {
    if (seen) list.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
  }, [seen]);
  useEffect(() => {
    // In a low window a long list is scrolled itself.
    const away = (event: Event) => {
      if (!(event.target instanceof Node && list.current?.contains(event.target))) latest.current(false);
    };
    const resized = () => latest.current(false);
    document.addEventListener("pointerdown", away);
    document.addEventListener("scroll", away, { capture: true, passive: true });
    window.addEventListener("resize", resized);
    return () => {
      document.removeEventListener("pointerdown", away);
      document.removeEventListener("scroll", away, { capture: true });
      window.removeEventListener("resize", resized);
    };
  }, []);

  const pressed = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      // Else a dialog around it would close too.
      event.preventDefault();
      event.stopPropagation();
      onClose(true);
    } else if (event.key === "Tab") onClose(false);
    else rove(event, "[role=menuitem]");
  };

  return (
    <div
      ref={list}
      id={id}
      role="menu"
      aria-label={name}
      className="menu-list"
      style={place ? { left: place.left, top: place.top } : { visibility: "hidden" }}
      onKeyDown={pressed}
      onContextMenu={(event) => event.preventDefault()}
    >
      {items.map((item) => (
        <button
          key={item.name}
          type="button"
          role="menuitem"
          tabIndex={-1}
          aria-keyshortcuts={item.keys}
          className={item.danger ? "danger-item" : undefined}
          onClick={() => {
            onClose(true);
            item.act();
          }}
        >
          <span>{item.name}</span>
          {item.keys && (
            // biome-ignore lint/a11y/noAriaHiddenOnFocusable: it takes no focus, and is said as aria-keyshortcuts
            <kbd aria-hidden="true">{item.keys}</kbd>
          )}
        </button>
      ))}
    </div>
  );
}
