/** Keeps the end in view while the user is there, whatever grows; lets go as soon as they scroll away. */
import { useCallback, useLayoutEffect, useRef, useState } from "react";

/** So near to the end is at the end, in pixels. */
export const NEAR_END_PX = 48;

/** Keys that go up; in a field they belong to its words. */
const UP = new Set(["ArrowUp", "PageUp", "Home"]);
const goesUp = ({ key, shiftKey }: KeyboardEvent) => UP.has(key) || (shiftKey && (key === " " || key === "Tab"));

export function useFollowing() {
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const [atEnd, setAtEnd] = useState(true);

  const goToEnd = useCallback(() => {
    following.current = true;
    requestAnimationFrame(() => {
      if (box.current) box.current.scrollTop = box.current.scrollHeight;
    });
  }, []);
  const letGo = useCallback(() => {
    following.current = false;
  }, []);

  useLayoutEffect(() => {
    const frame = box.current;
    const inner = content.current;
    if (!frame || !inner) return;
    /** A scroll bar, or a selection, is being dragged, and from where. */
    let dragged: number | null = null;
    const near = () => frame.scrollHeight - frame.scrollTop - frame.clientHeight < NEAR_END_PX;
    const toEnd = () => {
      frame.scrollTop = frame.scrollHeight;
    };
    toEnd();
    // A place that moved up tells nothing: another version begins shorter than the last one was, and
    // WebKit may report an earlier place late. What the user did tells.
    const scrolled = () => {
      if (near()) following.current = true;
      else if (dragged !== null && frame.scrollTop < dragged) following.current = false;
      if (following.current && !near()) toEnd();
      setAtEnd(following.current);
    };
    // Lets go at once, before the next word can pull them back; takes up again what moved nothing.
    const away = () => {
      following.current = false;
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          if (near()) following.current = true;
        }),
      );
    };
    const wheeled = (event: WheelEvent) => {
      if (event.deltaY < 0) away();
    };
    const pressed = (event: KeyboardEvent) => {
      const inField = event.target instanceof Element && event.target.matches("input, textarea, [contenteditable]");
      if (goesUp(event) && !inField) away();
    };
    const grabbed = () => {
      dragged = frame.scrollTop;
    };
    const released = () => {
      dragged = null;
    };
    frame.addEventListener("scroll", scrolled, { passive: true });
    frame.addEventListener("wheel", wheeled, { passive: true });
    frame.addEventListener("keydown", pressed);
    frame.addEventListener("pointerdown", grabbed);
    window.addEventListener("pointerup", released);
    window.addEventListener("pointercancel", released);
    const grown = new ResizeObserver(() => {
      if (following.current) toEnd();
    });
    grown.observe(inner);
    grown.observe(frame);
    return () => {
      frame.removeEventListener("scroll", scrolled);
      frame.removeEventListener("wheel", wheeled);
      frame.removeEventListener("keydown", pressed);
      frame.removeEventListener("pointerdown", grabbed);
      window.removeEventListener("pointerup", released);
      window.removeEventListener("pointercancel", released);
      grown.disconnect();
    };
  }, []);

  return { box, content, atEnd, goToEnd, letGo };
}
